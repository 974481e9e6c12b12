/** What stands before the message proper. */
export interface Unprefixed {
  readonly body: string;
  /** Upper case, when a level was stated: DEBUG, INFO, WARNING, ERROR, CRITICAL. */
  readonly level?: string;
  /** Who wrote the line, when a prefix says so: several processes may write into one log. */
  readonly source?: string;
  /** The line was put together from pieces with a time in front of each: literals may lie across them. */
  readonly glued?: true;
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
  // SimpleTuner; deepspeed behind the time; diffusers' example scripts
  /^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d,\d{1,6} \[(\w{4,8})\] (?:\([\w.]{1,64}\) )?/,
  /^\[[\w./]{1,60}\.py:\d{1,6}:\S{1,60}\] /,
  /^\d\d\/\d\d\/\d{4} \d\d:\d\d:\d\d - (\w{4,8}) - [\w.]{1,64} - /,
  // front ends that show the output of a process: musubi in a container, a cluster's log
  /^\[\d\d:\d\d:\d\d\] \[STD(?:ERR|OUT)\] /,
  /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{1,9}Z (?:\[[\w-]{8,40}\] )?/,
  // ComfyUI's error report
  /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{1,6} - /,
  /^- \*\*Exception Message:\*\* /,
  // SwarmUI, with the console of its ComfyUI
  /^(?:\d{4}-\d\d-\d\d )?\d\d:\d\d:\d\d\.\d{3} \[(\w{4,8})\] /,
  /^ComfyUI-\d{1,3} on port \d{1,5} std(?:err|out): /,
  // quoted in a message
  /^> /,
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

/** What collects the output of several processes puts their names in front: SwarmUI, docker compose, the journal, a bare process number. */
const SOURCES: readonly RegExp[] = [
  /^\[(ComfyUI-\d{1,3})\/STD(?:ERR|OUT)\] ?/,
  /^([a-z][\w.-]{0,60}[-_]\d{1,3}) {1,20}\| /,
  // torchrun and deepspeed
  /^\[(rank\d{1,4})\]: ?/,
  /^(?:[A-Z][a-z]{2} [ \d]\d \d\d:\d\d:\d\d|\d{4}-\d\d-\d\dT[\d:.+-]{8,24}Z?) [\w.-]{1,64} ([\w./@-]{1,64}(?:\[\d{1,10}\])?): /,
  /^[([]?(pid[ :=]{1,2}\d{1,10})[)\]]?:? /i,
];

/** ComfyUI's error report keeps each write to the console apart, also those that make one line. */
const INNER_TIME = /.\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{1,6} - /;
const INNER_TIMES = /(.)\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{1,6} - /g;

/** Starts as a prefix does. Most lines do not, and progress bars (`100%|…`) are many. */
const MAYBE =
  /^(?:\[|> |- \*\*|ComfyUI-|\d{4}-\d\d-|\d\d:\d\d:|\d\d\/\d\d\/|\*\*\* |DEBUG|DETAIL|TRACE|INFO|WARN|ERROR|CRITICAL| {15})|^[([]?pid\b|^[A-Z][a-z]{2} [ \d]\d \d\d:|^[a-z][\w.-]{0,60}[-_]\d{1,3} {1,20}\| /i;

export function unprefixed(line: string): Unprefixed {
  const glued = line.charCodeAt(10) === 0x54 && INNER_TIME.test(line);
  let body = glued ? line.replace(INNER_TIMES, '$1') : line;
  let level: string | undefined;
  let source: string | undefined;
  for (let round = 0; round < 4 && MAYBE.test(body); round++) {
    const found = firstMatch(PREFIXES, body) ?? firstMatch(SOURCES, body);
    if (!found) break;
    body = body.slice(found.length);
    if (found.from === PREFIXES) level = found.word?.toUpperCase() ?? level;
    else source ??= found.word;
  }
  return { body, ...(level ? { level } : {}), ...(source ? { source } : {}), ...(glued ? { glued } : {}) };
}

interface Found {
  readonly from: readonly RegExp[];
  /** Of the whole prefix. */
  readonly length: number;
  readonly word: string | undefined;
}

function firstMatch(from: readonly RegExp[], body: string): Found | null {
  for (const pattern of from) {
    const found = pattern.exec(body);
    if (found) return { from, length: found[0].length, word: found[1] };
  }
  return null;
}
