/** Bytes that are looked at; nobody pastes a longer text that is no log. */
export const LOOKED_AT = 65_536;

/** Shapes of lines that programs print and people do not write. */
const MARKS: readonly RegExp[] = [
  /\b\d{1,2}:\d{2}:\d{2}\b/,
  /\d%\||\d ?(?:it\/s|s\/it|[kKMG]?i?B\/s)\b|█|▏/,
  /\b(?:INFO|WARN|WARNING|ERROR|DEBUG|CRITICAL|FATAL)\b/,
  /^[\s*>E]*(?:[A-Za-z_]\w*\.){0,6}[A-Z]\w*(?:Error|Exception|Warning|Interrupt|Exit)(?::|$)/,
  /^\s*(?:File ".*", line \d|Traceback \(most recent|During handling of|The above exception)/,
  /\b[A-Z]\w{2,40}(?:Error|Exception)\s?[:：]/,
  /\b(?:error|warning|exception|fatal|failed|traceback|failure)\s?(?:\(\w+\)|\[\w+\])?[:：]/i,
  /^\s*(?:error|warning|usage|killed|aborted|terminated|segmentation fault|bus error|assertion failed)\b(?:\s*\(core dumped\)|[:\s]*$)/i,
  /\bexit(?:ed)?(?: with)? (?:code|status)\b|\bsignal \d|\berrno\b|\bcode:? -?\d+$|\b0x[0-9a-f]{4,}|\[(?:win)?err(?:no|or) \d+\]/i,
  /\.(?:py|cpp|cu|js|cs):\d+|\.(?:dll|so)\b.*(?:not|cannot|error|load)/,
  /https?:\/\/(?:127\.0\.0\.1|localhost|0\.0\.0\.0)\b/,
  /^\s*(?:\[[^\]\n]{1,60}\]|\([\w.-]{1,30}\) [\w.@:~/\\-]{1,80}[$#>])\s*\S/,
  /^\s*(?:PS [A-Z]:\\|[A-Z]:\\[^>\n]{0,120}>|[$%] \S|[\w.-]+@[\w.-]+:\S*[$#])/,
  /\b(?:import error|out of memory|no module named|not found|no such file|permission denied|cannot find|could not|unable to|command not found|is not recognized)\b.{0,120}[:'"`]|[:'"`].{0,120}\b(?:not found|no such file|permission denied|command not found|is not recognized)/i,
  /^\s*[\p{L}\w .*\-/()]{2,60}[:=] -?\d[\d.,]*(?: ?(?:[kKMG]i?B|B|s|ms|sec|seconds|steps?|%))?\s*$/u,
  /\S: ?(?:True|False|None|\{.{0,200}\}|\(\d[\d., ]{0,60}\)|torch\.\w{1,20})[,\s]*$|\b(?:cuda|cpu|mps):?\d?, |\.{3} ?done\b/,
  /^(?:\S.{0,60}: | {0,12}\*{2,3} .{0,60}: )(?:[A-Za-z]:\\|~?\/)\S+\s*$/,
  /^\s*(?:loading|loaded|saving|saved|downloading|installing|starting|launching|using|running|creating|initializing|prompt executed|got prompt|total vram|set vram|device|requested to load|model)\b.{0,160}(?:[/\\:=[\]]|\.{3}$|\d\s*(?:s|MB|GB)\b)/i,
  // What Windows says in Chinese.
  /系统找不到|不是内部或外部命令|页面文件太小|拒绝访问|内存资源不足|目标计算机积极拒绝|找不到指定的(?:模块|文件|路径|程序)|磁盘空间不足|参数错误|命令语法不正确|请按任意键继续|无法(?:定位程序输入点|识别为|将.{1,60}项识别)/,
];

/** Lines that say nothing to anyone but the reader of a file. */
const COMMENT = /^\s*(?:#|\/\/|::|rem\b|;|$)/i;

/** True when some line has the shape of what a program prints. Prose, notes and comments have none. */
export function looksLikeLog(text: string): boolean {
  return text
    .split(/[\r\n]+/)
    .some((line) => line.length < 20_000 && !COMMENT.test(line) && MARKS.some((mark) => mark.test(line.slice(0, 600))));
}
