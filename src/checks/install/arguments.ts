import { dirname, join } from 'node:path';
import type { Ui } from '../../facts/families';
import { isRecord, parseJson } from '../../formats/json';
import {
  commandlineArgs,
  entryArguments,
  type FoundArguments,
  launchArgsFile,
  readScript,
  scriptKind,
} from '../../formats/launch/find-args';
import type { Package } from './layout';
import type { InstallOs, Look } from './look';
import type { FoundInstall } from './search';

/** The arguments that a program is started with, and how sure that is. */
export interface Arguments {
  readonly words: readonly string[];
  readonly source: string | null;
  readonly line: number;
  readonly certain: boolean;
  readonly broken: string | null;
  /** The text as written loses backslashes when it is split. */
  readonly lostBackslashes: boolean;
}

const NONE: Arguments = { words: [], source: null, line: 0, certain: true, broken: null, lostBackslashes: false };

const ENTRIES: { readonly [ui in Ui]?: readonly string[] } = {
  comfyui: ['main.py'],
  fooocus: ['entry_with_update.py', 'launch.py', 'webui.py'],
  kohya: ['kohya_gui.py'],
};
const A1_ENTRIES = ['launch.py', 'webui.py'];
const USES_COMMANDLINE_ARGS: ReadonlySet<Ui> = new Set<Ui>(['a1111', 'forge', 'reforge', 'forge-classic', 'forge-neo', 'sdnext']);

/** Shipped start scripts in the order in which a user with an ordinary card starts them; others were made by the user. */
const SHIPPED = [
  'run_nvidia_gpu.bat',
  'run.bat',
  'run_nvidia_gpu_fast_fp16_accumulation.bat',
  'run_amd_gpu.bat',
  'run_amd_gpu_enable_dynamic_vram.bat',
  'run_intel_gpu.bat',
  'run_cpu.bat',
  'run_anime.bat',
  'run_realistic.bat',
];

/** webui-a1111-family.md §1.3, §2.3; webui-comfyui-and-others.md A1. */
export function findArguments(look: Look, install: FoundInstall, os: InstallOs, pack: Package): Arguments {
  if (pack.matrix) return { ...NONE, words: pack.matrix.entry.args, source: pack.matrix.settings };
  if (pack.launchArgs !== null) {
    const text = look.text(pack.launchArgs);
    if (text !== null) return toArguments(launchArgsFile(text), pack.launchArgs, true, text);
  }
  if (install.desktop) return desktopArguments(look, install.root);
  // Aki's launcher keeps its own flags in an unknown form; Pinokio's scripts are JavaScript.
  const certain = pack.layout !== 'aki' && pack.layout !== 'pinokio' && pack.layout !== 'docker';
  const found = USES_COMMANDLINE_ARGS.has(install.ui) ? userScript(look, install, os) : startScripts(look, install);
  return { ...found, certain: found.certain && certain };
}

function userScript(look: Look, install: FoundInstall, os: InstallOs): Arguments {
  const order =
    os === 'windows'
      ? ['webui-user.bat']
      : os === 'unknown'
        ? ['webui-user.bat', 'webui-user.sh']
        : ['webui-user.sh', 'webui-macos-env.sh'];
  if (os === 'linux') order.pop();
  for (const name of order) {
    const path = join(install.root, name);
    const text = look.text(path);
    if (text === null) continue;
    const kind = scriptKind(name);
    const found = commandlineArgs(readScript(text, kind, install.root), kind);
    if (found && (found.words.length > 0 || found.broken)) return toArguments(found, path, true, lineOf(text, found.line));
  }
  return startScripts(look, install);
}

function startScripts(look: Look, install: FoundInstall): Arguments {
  const entries = ENTRIES[install.ui] ?? A1_ENTRIES;
  const candidates: { readonly name: string; readonly path: string; readonly found: FoundArguments; readonly mtime: number }[] =
    [];
  const outer = dirname(install.root);
  const folders = [install.root, ...(isPackageFolder(look, outer) ? [outer] : [])];
  for (const folder of folders) {
    for (const name of look.names(folder)) {
      if (!/\.(?:bat|cmd|sh)$/i.test(name) || /^webui(?:-user|-macos-env)?\.(?:bat|sh)$/i.test(name)) continue;
      const path = join(folder, name);
      const info = look.platform.stat(path);
      if (info?.kind !== 'file' || info.size > 256 * 1024) continue;
      const found = entryArguments(readScript(look.text(path) ?? '', scriptKind(name), folder), entries);
      if (found) candidates.push({ name, path, found, mtime: info.mtimeMs });
    }
  }
  const rank = (name: string): number => (SHIPPED.includes(name) ? SHIPPED.indexOf(name) : -1);
  candidates.sort((a, b) => rank(a.name) - rank(b.name) || b.mtime - a.mtime);
  const best = candidates[0];
  if (!best) return NONE;
  const own = candidates.filter((candidate) => rank(candidate.name) < 0);
  const agree = own.every((candidate) => candidate.found.words.join('\0') === best.found.words.join('\0'));
  return toArguments(best.found, best.path, agree && !best.found.uncertain, '');
}

function isPackageFolder(look: Look, outer: string): boolean {
  const names = look.names(outer);
  return names.has('python_embeded') || names.has('environment.bat') || names.has('python');
}

function toArguments(found: FoundArguments, source: string, certain: boolean, raw: string): Arguments {
  return {
    words: found.words,
    source,
    line: found.line,
    certain: certain && !found.uncertain && found.broken === undefined,
    broken: found.broken?.message ?? null,
    lostBackslashes: losesBackslashes(raw),
  };
}

/** An unquoted Windows path: shlex drops its backslashes (`C:\models` → `C:models`). */
function losesBackslashes(raw: string): boolean {
  const outside = raw.replace(/"[^"]*"|'[^']*'/g, '').replace(/%[^%\s]*%/g, '');
  return /(?:\s|=)(?:[A-Za-z]:|\.{1,2})?\\?[\w.\u0080-\uffff]*\\[\w.\u0080-\uffff]/.test(outside);
}

function lineOf(text: string, line: number): string {
  const raw = text.split(/\r?\n/)[line - 1] ?? '';
  // A shell has removed its own quotes before; only batch values reach shlex as written.
  return /^\s*@?set\s/i.test(raw) ? raw : '';
}

/** `Comfy.Server.LaunchArgs` of the desktop app (webui-comfyui-and-others.md A1). */
function desktopArguments(look: Look, base: string): Arguments {
  const source = join(base, 'user/default/comfy.settings.json');
  const root = parseJson(look.text(source) ?? '');
  const list = isRecord(root) ? root['Comfy.Server.LaunchArgs'] : undefined;
  if (!isRecord(list)) return NONE;
  const words = Object.entries(list).flatMap(([name, value]) => {
    const text = typeof value === 'string' || typeof value === 'number' ? String(value) : '';
    return text === '' || text === 'true' ? [`--${name}`] : [`--${name}`, text];
  });
  return { ...NONE, words, source };
}
