import { existsSync } from 'node:fs';
import { hostname, userInfo } from 'node:os';
import { addAbortSignal } from 'node:stream';
import { show } from '../formats/show';
import { detectLanguage } from '../i18n/detect';
import type { Language } from '../i18n/language';
import { compileLate } from '../platform/compile-late';
import { nodePlatform } from '../platform/node';
import type { Problem } from '../report/problem';
import { beforeDashes, readArguments } from './arguments';
import { type CommandContext, fail, type RunCommand } from './context';
import { helpText } from './help';
import { processOutput } from './io';

/** Each command in a file of its own, loaded when it is called. `start` is no word of the command line: it is what none means on a terminal. */
const RUN: Readonly<Record<string, () => Promise<RunCommand>>> = {
  start: async () => (await import('./start')).runStart,
  check: async () => (await import('./check')).runCheck,
  watch: async () => (await import('./watch')).runWatch,
  inspect: async () => (await import('./inspect/inspect')).runInspect,
  log: async () => (await import('./log/log')).runLog,
  prompt: async () => (await import('./prompt')).runPrompt,
  image: async () => (await import('./image')).runImage,
  train: async () => (await import('./train')).runTrain,
  preset: async () => (await import('./preset')).runPreset,
  vram: async () => (await import('./vram')).runVram,
  explain: async () => (await import('./explain')).runExplain,
  rules: async () => (await import('./rules')).runRules,
  demo: async () => (await import('./demo')).runDemo,
};

/** Reads the command line, sets up what a command may use, runs it, and turns an own failure into exit status 3. */
export async function dispatch(argv: readonly string[], version: string): Promise<number> {
  compileLate();
  const stdout = processOutput(process.stdout);
  const stderr = processOutput(process.stderr);
  const json = beforeDashes(argv).includes('--json');
  const lang = languageOf(beforeDashes(argv));
  const args = readArguments(argv, lang, existsSync);
  if ('code' in args) return fail({ stdout, stderr, json }, args, 2);
  if (args.options.has('version')) {
    stdout.write(`${version}\n`);
    return 0;
  }
  if (args.options.has('help')) {
    stdout.write(helpText(args.implied ? null : args.command, lang));
    return 0;
  }
  const cwd = currentFolder();
  if (cwd === null) return fail({ stdout, stderr, json }, noFolder(lang), 2);
  const abort = new AbortController();
  const onInterrupt = (): void => {
    if (abort.signal.aborted) process.exit(130);
    abort.abort();
  };
  process.on('SIGINT', onInterrupt);
  process.on('SIGTERM', onInterrupt);
  const color = args.options.get('color');
  const context: CommandContext = {
    args,
    lang,
    version,
    platform: nodePlatform(),
    identity: identity(),
    stdout,
    stderr,
    json,
    color: color === 'always' || (color !== 'never' && stdout.isTTY && !process.env.NO_COLOR && process.env.TERM !== 'dumb'),
    ascii: args.options.has('ascii'),
    redact: !args.options.has('no-redact'),
    interactive: stdout.isTTY && process.stdin.isTTY === true && !args.options.has('no-input') && !process.env.CI,
    cwd,
    signal: abort.signal,
    // Ctrl-C ends a wait for input, too.
    stdin: () => addAbortSignal(abort.signal, process.stdin),
  };
  try {
    const name = args.implied && context.interactive && !json ? 'start' : args.command.name;
    const load = RUN[name];
    if (!load) throw new Error(`command ${name} has no code`);
    const status = await (await load())(context);
    return abort.signal.aborted ? 130 : status;
  } catch (error) {
    if (abort.signal.aborted) return 130;
    if (args.options.has('debug')) stderr.write(`${stackOf(error)}\n`);
    const what = show(error instanceof Error ? error.message : String(error), 1000);
    return fail(
      context,
      {
        code: 'internal',
        message: lang === 'en' ? `lora-doctor itself failed: ${what}` : `lora-doctor 自身出错：${what}`,
        remedy: lang === 'en' ? 'run it again with --debug and report what it prints' : '请加 --debug 再次运行，并反馈输出内容',
      },
      3,
    );
  } finally {
    process.off('SIGINT', onInterrupt);
    process.off('SIGTERM', onInterrupt);
  }
}

/** Null when the folder that the shell stands in was deleted. */
function currentFolder(): string | null {
  try {
    return process.cwd();
  } catch {
    return null;
  }
}

const noFolder = (lang: Language): Problem => ({
  code: 'no-current-folder',
  message: lang === 'en' ? 'the current folder does not exist any more' : '当前文件夹已不存在',
  remedy: lang === 'en' ? 'change to another folder (cd) and try again' : '请切换到其他文件夹（cd）后重试',
});

/** Line by line, so that an outside string in a message stays harmless. */
function stackOf(error: unknown): string {
  const text = String(error instanceof Error ? (error.stack ?? error.message) : error);
  return text
    .split('\n')
    .map((line) => show(line, 1000))
    .join('\n');
}

function languageOf(argv: readonly string[]): Language {
  const at = argv.findIndex((a) => a === '--lang' || a.startsWith('--lang='));
  const given = at < 0 ? undefined : argv[at]?.includes('=') ? argv[at]?.slice(7) : argv[at + 1];
  return detectLanguage({ ...(given === undefined ? {} : { flag: given }), env: process.env });
}

function identity(): CommandContext['identity'] {
  let user = '';
  try {
    user = userInfo().username;
  } catch {
    // a container may run as a user without a name
  }
  return { home: process.env.HOME ?? process.env.USERPROFILE ?? '', user, host: hostname() };
}
