const LOG_NAME = /\.log(?:\.\d{1,2}|-\d{8}|_[\w-]{1,40})?(?:\.gz)?$|\.prev2?\.log$/i;
/** What people call a console text that they saved. */
const LOG_TEXT =
  /(?:^|[\W_])(?:log|logs|console|output|error|errors|traceback|terminal|stdout|stderr)(?:[\W_].*)?\.txt$|(?:日志|控制台|报错|错误|终端|输出|启动).*\.txt$/i;

/** A name that a console log has, of a program or of someone who saved one. */
export function isLogName(name: string): boolean {
  return LOG_NAME.test(name) || LOG_TEXT.test(name);
}
