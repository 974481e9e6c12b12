import type { Ui } from '../../facts/families';
import type { FLAG_PROBLEMS } from '../../facts/registry/install';
import type { Fact } from '../../facts/value';
import { known } from '../../facts/value';
import { type ParsedArguments, parseArguments } from '../../formats/launch/argparse';
import { optionsOf } from '../../formats/launch/options';

export interface FlagProblem {
  readonly flag: string;
  readonly kind: (typeof FLAG_PROBLEMS)[number];
  readonly detail: string;
}

/** Options of one program, read as its own parser does. */
export interface Flags {
  readonly parsed: ParsedArguments;
  readonly problems: readonly FlagProblem[];
  has(...options: readonly string[]): boolean;
  /** The last value given, or null. */
  value(option: string): string | null;
  /** Values of every time the option was given, in order. */
  all(option: string): readonly string[];
}

/** In the original Forge and reForge these do nothing (webui-a1111-family.md §6.2). */
const FORGE_IGNORED =
  /^--(?:no-half|no-half-vae|upcast-sampling|precision|disable-nan-check|opt-.*|medvram|medvram-sdxl|lowvram|lyco-dir-backcompat|use-cpu)$/;
const CLASSIC_IGNORED = /^--(?:no-half|no-half-vae|upcast-sampling|disable-nan-check)$/;
const COMFY_EXCLUSIVE = [
  ['--gpu-only', '--highvram', '--normalvram', '--lowvram', '--novram', '--cpu'],
  ['--fp32-unet', '--fp64-unet', '--bf16-unet', '--fp16-unet', '--fp8_e4m3fn-unet', '--fp8_e5m2-unet', '--fp8_e8m0fnu-unet'],
  ['--fp16-vae', '--fp32-vae', '--bf16-vae'],
  ['--force-fp32', '--force-fp16'],
  [
    '--use-split-cross-attention',
    '--use-quad-cross-attention',
    '--use-pytorch-cross-attention',
    '--use-sage-attention',
    '--use-flash-attention',
  ],
];
const FORGE_EXCLUSIVE = [
  ['--all-in-fp32', '--all-in-fp16'],
  ['--vae-in-fp16', '--vae-in-fp32', '--vae-in-bf16'],
  ['--unet-in-bf16', '--unet-in-fp16', '--unet-in-fp8-e4m3fn', '--unet-in-fp8-e5m2'],
  ['--always-gpu', '--always-high-vram', '--always-normal-vram', '--always-low-vram', '--always-no-vram', '--always-cpu'],
];

export interface FlagContext {
  readonly ui: Ui;
  readonly version: string | null;
  /** Options that extensions add (their preload.py names them). */
  readonly added: ReadonlySet<string>;
}

export function readFlags(words: readonly string[], { ui, version, added }: FlagContext): Flags {
  const { table, closed } = optionsOf(ui);
  const parsed = parseArguments(words, table);
  const problems: FlagProblem[] = [];
  for (const { kind, word, candidates } of parsed.problems) {
    if (kind === 'unknown' && (!closed || added.has(word) || !word.startsWith('-'))) continue;
    problems.push({ flag: word, kind, detail: candidates.join(' ') });
  }
  if (ui === 'comfyui' && parsed.values.has('--normalvram') && atLeast(version, 0, 22)) {
    problems.push({ flag: '--normalvram', kind: 'removed', detail: '0.22' });
  }
  const ignored = ui === 'forge' || ui === 'reforge' ? FORGE_IGNORED : ui === 'forge-classic' ? CLASSIC_IGNORED : null;
  for (const option of parsed.values.keys())
    if (ignored?.test(option)) problems.push({ flag: option, kind: 'ignored', detail: '' });
  const groups =
    ui === 'comfyui' ? COMFY_EXCLUSIVE : ui === 'forge' || ui === 'reforge' || ui === 'fooocus' ? FORGE_EXCLUSIVE : [];
  for (const group of groups) {
    const given = group.filter((option) => parsed.values.has(option));
    if (given.length > 1) problems.push({ flag: given[0] ?? '', kind: 'conflict', detail: given.slice(1).join(' ') });
  }
  return {
    parsed,
    problems,
    has: (...options) => options.some((option) => parsed.values.has(option)),
    value: (option) => parsed.values.get(option)?.at(-1) ?? null,
    all: (option) => parsed.repeated.get(option)?.flat() ?? [],
  };
}

/** True when `version` is known and at least `major.minor`. */
export function atLeast(version: string | null, major: number, minor: number): boolean {
  const match = /(\d+)\.(\d+)/.exec(version ?? '');
  if (!match) return false;
  const [a, b] = [Number(match[1]), Number(match[2])];
  return a > major || (a === major && b >= minor);
}

const DEFAULT_PORTS: { readonly [ui in Ui]?: number } = {
  comfyui: 8188,
  fooocus: 7865,
  invokeai: 9090,
  swarmui: 7801,
  easydiffusion: 9000,
  kohya: 7860,
};

/** The option facts. `ignored` options count as not given: they do nothing. */
export function flagFacts(ui: Ui, flags: Flags): { readonly [fact: string]: Fact } {
  const ignored = new Set(flags.problems.filter((problem) => problem.kind === 'ignored').map((problem) => problem.flag));
  const on = (...options: string[]): boolean => options.some((option) => flags.has(option) && !ignored.has(option));
  const port = flags.value('--port');
  const useCpu = flags.all('--use-cpu').includes('all');
  const full = flags.value('--precision') === 'full' && ui === 'a1111';
  const values: { readonly [name: string]: boolean | number | string[] } = {
    flags: [...flags.parsed.values.keys()],
    badFlags: flags.problems.filter((p) => p.kind !== 'ignored' && p.kind !== 'conflict').map((p) => p.flag),
    ignoredFlags: [...ignored],
    noHalf: on('--no-half', '--all-in-fp32', '--force-fp32', '--fp32-unet'),
    noHalfVae: on('--no-half-vae', '--vae-in-fp32', '--fp32-vae') || on('--no-half', '--all-in-fp32', '--force-fp32') || full,
    forceFp16:
      on('--all-in-fp16', '--force-fp16', '--unet-in-fp16', '--fp16-unet', '--fast-fp16') ||
      flags.value('--precision') === 'half',
    fp16Vae: on('--vae-in-fp16', '--fp16-vae', '--all-in-fp16'),
    medvram: on('--medvram'),
    medvramSdxl: on('--medvram-sdxl'),
    lowvram: on('--lowvram', '--always-low-vram', '--novram', '--always-no-vram'),
    upcastSampling: on('--upcast-sampling'),
    upcastAttention: on('--force-upcast-attention'),
    disableNanCheck: on('--disable-nan-check'),
    useXformers: on('--xformers', '--force-enable-xformers', '--use-xformers'),
    useSage: on('--use-sage-attention', '--use-sage-attention3', '--sage'),
    useFlash: on('--use-flash-attention', '--flash', '--xformers-flash-attention'),
    port: port !== null && /^\d{1,5}$/.test(port) ? Number(port) : (DEFAULT_PORTS[ui] ?? 7860),
    listen: on('--listen', '--share') || flags.has('--server-name'),
    api: ui === 'comfyui' || ui === 'invokeai' || ui === 'swarmui' || ui === 'sdnext' || on('--api', '--nowebui'),
    skipTorchCudaTest: on('--skip-torch-cuda-test'),
    cpuOnly: on('--cpu', '--always-cpu') || useCpu,
    noHashing: on('--no-hashing'),
  };
  return Object.fromEntries(Object.entries(values).map(([name, value]) => [`install.${name}`, known(value)]));
}
