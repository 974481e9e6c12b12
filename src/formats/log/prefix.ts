/** What stands before the message proper. */
export interface Unprefixed {
  readonly body: string;
  /** Upper case, when a level was stated: DEBUG, INFO, WARNING, ERROR, CRITICAL. */
  readonly level?: string;
}

const LEVEL = '(DEBUG|DETAIL|TRACE|INFO|WARN|WARNING|ERROR|CRITICAL)';

/**
 * Prefixes that programs and launchers put in front of a message, outermost first; each may stand behind another.
 * webui-a1111-family.md §11, webui-comfyui-and-others.md A2, B1, D, E. All are anchored and linear.
 */
const PREFIXES: readonly RegExp[] = [
  // InvokeAI
  /^\[\d{4}-\d\d-\d\d \d\d:\d\d:\d\d,\d{1,6}\]::\[\w{1,20}\]::(\w{4,8}) --> /,
  // ComfyUI-Manager, ComfyUI --verbose FILE, Electron
  /^\[\d{4}-\d\d-\d\d[ T]\d\d:\d\d:\d\d[.,]?\d{0,6}\](?: \[(\w{4,8})\])? {0,2}/,
  // SD.Next file
  /^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d[,.]\d{1,6} \| [^|]{1,64} \| [^|]{1,32} \| (\w{4,8}) {0,4}\| [^|]{1,64} \| /,
  /^(DEBUG|INFO|WARNING|ERROR|CRITICAL) {0,4}\| [^|]{1,64} \| /,
  // SD.Next and Kohya GUI console
  /^\d\d:\d\d:\d\d-\d{6} (\w{4,8}) {1,5}/,
  // sd-scripts (rich)
  /^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d (\w{4,8}) {2,5}/,
  // A1111 with --loglevel, logging.Formatter of extensions
  /^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d(?:,\d{1,6})? (\w{4,8}) \[[^\]]{1,64}\] /,
  /^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d(?:,\d{1,6})? - [\w .-]{1,64} - (\w{4,8}) - /,
  // ComfyUI's error report
  /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{1,6} - /,
  /^- \*\*Exception Message:\*\* /,
  // SwarmUI, with the console of its ComfyUI
  /^(?:\d{4}-\d\d-\d\d )?\d\d:\d\d:\d\d\.\d{3} \[(\w{4,8})\] /,
  /^ComfyUI-\d{1,3} on port \d{1,5} std(?:err|out): /,
  // systemd's journal
  /^[A-Z][a-z]{2} [ \d]\d \d\d:\d\d:\d\d [\w.-]{1,64} [\w.@-]{1,64}(?:\[\d{1,10}\])?: /,
  // quoted in a message
  /^> /,
  /^\[ComfyUI-\d{1,3}\/STD(?:ERR|OUT)\] ?/,
  // a bare level; ComfyUI's own "ERROR lora …" and "WARNING SHAPE …" have one blank and must stay
  /^(INFO) {1,8}/,
  /^(WARNING|ERROR|DEBUG|CRITICAL) {2,8}/,
  // sd-scripts (rich) when the time is the same as above
  /^ {15,30}(INFO|WARNING|ERROR|DEBUG) {2,8}/,
  new RegExp(`^\\[${LEVEL}\\] `),
  new RegExp(`^${LEVEL}:[\\w.-]{1,64}:`),
  // A1111 errors.report
  /^\*\*\* /,
];

/** Starts as a prefix does. Most lines do not, and progress bars (`100%|…`) are many. */
const MAYBE =
  /^(?:\[|> |- \*\*|ComfyUI-|[A-Z][a-z]{2} [ \d]\d |\d{4}-\d\d-|\d\d:\d\d:|\*\*\* |DEBUG|DETAIL|TRACE|INFO|WARN|ERROR|CRITICAL| {15})/;

export function unprefixed(line: string): Unprefixed {
  let body = line;
  let level: string | undefined;
  for (let round = 0; round < 4 && MAYBE.test(body); round++) {
    const found = firstMatch(body);
    if (!found) break;
    body = body.slice(found[0].length);
    level = found[1]?.toUpperCase() ?? level;
  }
  return level ? { body, level } : { body };
}

function firstMatch(body: string): RegExpExecArray | null {
  for (const pattern of PREFIXES) {
    const found = pattern.exec(body);
    if (found) return found;
  }
  return null;
}
