import { isRecord, type JsonRecord, parseJson } from './json';
import { toolText } from './tool-text';

/** One card as the tools of ROCm tell; null where they do not. Memory in bytes. */
export interface AmdGpu {
  readonly name: string;
  readonly memoryTotal: number | null;
  readonly memoryFree: number | null;
  readonly driver: string | null;
  /** The chip as compilers name it (`gfx1100`). */
  readonly target: string | null;
  /** Part of the processor: its `memoryTotal` is what the firmware set aside, not all that it can use. */
  readonly integrated: boolean;
}

/** All that we want to know of amd-smi, in two questions, and of rocm-smi, in one. */
export const AMD_SMI_STATIC = ['static', '--asic', '--board', '--driver', '--vram', '--json'];
export const AMD_SMI_MEMORY = ['metric', '--mem-usage', '--json'];
export const ROCM_SMI = ['--showproductname', '--showmeminfo', 'vram', '--showdriverversion', '--json'];

const MAX_GPUS = 64;

/**
 * `amd-smi static --json` (ROCm/amdsmi, amdsmi_cli/amdsmi_commands.py): a list of cards; since ROCm 7 the list stands under
 * `gpu_data` (ROCm/rocprofiler-compute pull request 836 shows both). A size is `{"value": 24560, "unit": "MB"}`; until February
 * 2024 it was the number `vram_size_mb` (commit a719ae9). Its MB are 1,048,576 bytes. `metric` gives the free memory.
 */
export function readAmdSmi(stdout: Uint8Array, metric: Uint8Array): readonly AmdGpu[] {
  const usage = new Map(amdCards(metric).map((card) => [card.gpu, record(card.mem_usage)]));
  return ordered(
    amdCards(stdout).map((card) => {
      const [asic, board, driver, vram] = [record(card.asic), record(card.board), record(card.driver), record(card.vram)];
      const target = targetOf(asic.target_graphics_version);
      return cardOf({
        names: [asic.market_name, board.product_name],
        total: megabytes(vram.size ?? vram.vram_size_mb) ?? megabytes(usage.get(card.gpu)?.total_vram),
        free: megabytes(usage.get(card.gpu)?.free_vram),
        driver: driver.version ?? driver.driver_version,
        target,
      });
    }),
  );
}

function amdCards(stdout: Uint8Array): readonly JsonRecord[] {
  const root = jsonIn(stdout);
  const list = isRecord(root) ? (root.gpu_data ?? [root]) : root;
  return Array.isArray(list) ? list.filter(isRecord).filter((card) => typeof card.gpu === 'number') : [];
}

/**
 * `rocm-smi --json`: an object of cards (`card0`) and `system`, all values text. Three shapes: the script before ROCm 4
 * (ROCm/ROC-smi, rocm_smi.py) has `Card series` and `vram Total Memory (B)`; the one over the library (ROCm/rocm_smi_lib,
 * 8f9f943) `Card series` and `VRAM Total Memory (B)`; since February 2024 (4b5ccb5) it is `Card Series`, and `GFX Version` is
 * told. `VIS_VRAM` is the part that the processor can reach and no size of the card.
 */
export function readRocmSmi(stdout: Uint8Array): readonly AmdGpu[] {
  const root = record(jsonIn(stdout));
  const driver = lowered(record(root.system))['driver version'];
  const cards = Object.entries(root).flatMap(([key, value]) => (/^card:?\d{1,3}$/.test(key) && isRecord(value) ? [value] : []));
  return ordered(
    cards.map((value) => {
      const card = lowered(value);
      const total = bytes(card['vram total memory (b)']);
      const used = bytes(card['vram total used memory (b)']);
      return cardOf({
        names: [card['card series'], card['device name'], card['card model']],
        total,
        free: total !== null && used !== null && used <= total ? total - used : null,
        driver,
        target: targetOf(card['gfx version']),
      });
    }),
  );
}

/** A warning may stand before the document (`WARNING: AMD GPU device(s) is/are in a low-power state`). */
function jsonIn(stdout: Uint8Array): unknown {
  const text = toolText(stdout);
  const from = /^[[{]/m.exec(text)?.index;
  return from === undefined ? undefined : parseJson(text.slice(from));
}

interface Told {
  /** Best first. */
  readonly names: readonly unknown[];
  readonly total: number | null;
  readonly free: number | null;
  readonly driver: unknown;
  readonly target: string | null;
}

/** Null: nothing is told about this one (another maker's card, a card that does not answer). */
function cardOf({ names, total, free, driver, target }: Told): AmdGpu | null {
  const told = names.flatMap((name) => nameOf(name) ?? []);
  // A model has a number; `AMD Radeon Graphics` is what a driver says that does not know it.
  const name = told.find((candidate) => /\d/.test(candidate)) ?? told[0];
  if (name === undefined && total === null && target === null) return null;
  return {
    name: name ?? (target === null ? 'AMD Radeon' : `AMD Radeon (${target})`),
    memoryTotal: total,
    memoryFree: free,
    driver: typeof driver === 'string' ? (/\d+(?:\.\d+)+[\w.+~-]{0,40}/.exec(driver)?.[0] ?? null) : null,
    target,
    integrated: integrated(target, total),
  };
}

/** `Navi 21 [Radeon RX 6800/6800 XT]`: what people know it by stands in the brackets. A bare id (`0x73bf`) is no name. */
function nameOf(value: unknown): string | null {
  if (typeof value !== 'string') return null;
  const name = (/\[([^\]]{2,120})\]/.exec(value)?.[1] ?? value).trim().slice(0, 200);
  return /^(?:N\/A|None|Unknown|(?:0x)?[0-9a-f]*)$/i.test(name) ? null : name;
}

/** rocm-smi writes the stepping in decimal (`gfx9010` for gfx90a); compilers write hexadecimal. */
function targetOf(value: unknown): string | null {
  const text = typeof value === 'string' ? value.trim().toLowerCase() : '';
  const decimal = /^gfx(9)0(1[0-5])$/.exec(text);
  if (decimal) return `gfx${decimal[1]}0${Number(decimal[2]).toString(16)}`;
  return /^gfx[0-9a-f]{3,5}$/.test(text) ? text : null;
}

/** The "APU" rows of the processor table in LLVM's "User Guide for AMDGPU Backend". */
const INTEGRATED = new Set(
  'gfx902 gfx909 gfx90c gfx1013 gfx1033 gfx1035 gfx1036 gfx1103 gfx1150 gfx1151 gfx1152 gfx1153'.split(' '),
);

/** Where the chip is not told: no card of its own has less than 2 GiB, and that is how much firmware sets aside. */
function integrated(target: string | null, total: number | null): boolean {
  return target === null ? total !== null && total < 2 * 1024 ** 3 : INTEGRATED.has(target);
}

/** Cards of their own first: they are what pictures are made on. */
function ordered(cards: readonly (AmdGpu | null)[]): readonly AmdGpu[] {
  const real = cards.flatMap((card) => card ?? []);
  return real.sort((a, b) => Number(a.integrated) - Number(b.integrated)).slice(0, MAX_GPUS);
}

const record = (value: unknown): JsonRecord => (isRecord(value) ? value : {});
const lowered = (card: JsonRecord): JsonRecord =>
  Object.fromEntries(Object.entries(card).map(([key, value]) => [key.trim().toLowerCase(), value]));

function bytes(value: unknown): number | null {
  return typeof value === 'string' && /^\d{1,15}$/.test(value.trim()) ? Number(value) : null;
}

const UNITS: { readonly [unit: string]: number } = { B: 1, KB: 1024, MB: 1024 ** 2, GB: 1024 ** 3 };

/** `{"value": 24560, "unit": "MB"}`, `24560`, `"24560 MB"`; megabytes where no unit stands. */
function megabytes(value: unknown): number | null {
  const text = isRecord(value) ? `${String(value.value)} ${String(value.unit ?? 'MB')}` : String(value);
  const match = /^(\d{1,15})(?: ([KMG]?B))?$/i.exec(text.trim());
  const size = match?.[1] === undefined ? null : Number(match[1]) * (UNITS[match[2]?.toUpperCase() ?? 'MB'] ?? 1);
  return size === null || size > Number.MAX_SAFE_INTEGER ? null : size;
}
