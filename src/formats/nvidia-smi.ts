import { toolText } from './tool-text';

/** One card as nvidia-smi tells; null where it does not (`[N/A]`, `[Not Supported]` …). Memory in bytes. */
export interface NvidiaGpu {
  readonly name: string;
  readonly memoryTotal: number | null;
  readonly memoryFree: number | null;
  readonly driver: string | null;
  readonly computeCapability: string | null;
}

export type NvidiaAnswer =
  | { readonly state: 'ok'; readonly gpus: readonly NvidiaGpu[] }
  | { readonly state: 'failed'; readonly why: 'driver' | 'no-devices' | 'query' | 'unreadable'; readonly text: string };

/** The fields we ask for, in this order; `compute_cap` is last because older drivers refuse it. */
export const NVIDIA_FIELDS = ['name', 'memory.total', 'memory.free', 'driver_version', 'compute_cap'] as const;

const MIB = 1024 * 1024;
const MAX_GPUS = 64;

/**
 * The answer of `--query-gpu=… --format=csv,noheader,nounits` (reliability.md SY-05…SY-10). Numbers are read from the right
 * end of a line, so that a comma in a card's name does no harm.
 *
 * @param fields how many of NVIDIA_FIELDS were asked for.
 */
export function readNvidiaSmi(stdout: Uint8Array, stderr: Uint8Array, code: number | null, fields: number): NvidiaAnswer {
  const text = toolText(stdout);
  const complaint = `${text}\n${toolText(stderr)}`;
  if (
    /couldn't communicate with the NVIDIA driver|driver\/library version mismatch|Failed to initialize NVML|not loaded/i.test(
      complaint,
    )
  ) {
    return { state: 'failed', why: 'driver', text: head(complaint) };
  }
  if (/No devices were found/i.test(complaint)) return { state: 'failed', why: 'no-devices', text: head(complaint) };
  if (/is not a valid field to query|not recognized/i.test(complaint))
    return { state: 'failed', why: 'query', text: head(complaint) };
  const gpus: NvidiaGpu[] = [];
  for (const line of text.split('\n', 400)) {
    const gpu = readLine(line, fields);
    if (gpu && gpus.length < MAX_GPUS) gpus.push(gpu);
  }
  if (gpus.length > 0) return { state: 'ok', gpus };
  return { state: 'failed', why: code === 0 ? 'unreadable' : 'driver', text: head(complaint) };
}

function readLine(line: string, fields: number): NvidiaGpu | null {
  const cells = line.split(',').map((cell) => cell.trim());
  if (cells.length < fields || /[<>{}]/.test(line)) return null;
  const numbers = cells.slice(cells.length - (fields - 1));
  const name = cells.slice(0, cells.length - (fields - 1)).join(', ');
  const [total, free, driver, capability] = numbers;
  const readable = [total, free].every((cell) => cell !== undefined && (absent(cell) || /^\d+(?:\s*MiB)?$/.test(cell)));
  // A name that ends in a bare number is a figure with a decimal comma.
  if (!readable || !/[A-Za-z]/.test(name) || /,\s*\d+$/.test(name)) return null;
  return {
    name: name.slice(0, 200),
    memoryTotal: mib(total),
    memoryFree: mib(free),
    driver: driver !== undefined && /^\d+(?:\.\d+)*$/.test(driver) ? driver : null,
    computeCapability: capability !== undefined && /^\d{1,2}\.\d$/.test(capability) ? capability : null,
  };
}

function absent(cell: string): boolean {
  return /^\[?(?:N\/A|Not Supported|Unknown Error|Insufficient Permissions|GPU requires reset|GPU is lost)\]?$/i.test(cell);
}

function mib(cell: string | undefined): number | null {
  const match = /^(\d{1,9})/.exec(cell ?? '');
  return match ? Number(match[1]) * MIB : null;
}

function head(text: string): string {
  return text.trim().slice(0, 300);
}

/** The generation by which programs decide on precision (webui-comfyui-and-others.md A7, GPU table). */
export const GPU_GENERATIONS = ['gtx9', 'gtx10', 'gtx16', 'rtx20', 'rtx30', 'rtx40', 'rtx50', 'datacenter', 'other'] as const;
export type GpuGeneration = (typeof GPU_GENERATIONS)[number];

/** 16-series and its relatives, on which half precision is treated as broken; compared case-sensitively, as the programs do. */
const BROKEN_HALF = /1660|1650|1630|T500|T550|T600|MX550|MX450|CMP 30HX|T2000|T1000|T1200/;

export function hasBrokenHalf(name: string): boolean {
  return BROKEN_HALF.test(name);
}

export function generationOf(name: string, computeCapability: string | null): GpuGeneration {
  const series = /\b(GTX|RTX)\s*(\d{2})\d{2}/i.exec(name);
  if (series?.[1]?.toUpperCase() === 'RTX') {
    const known = `rtx${series[2]}`;
    const found = GPU_GENERATIONS.find((generation) => generation === known);
    if (found) return found;
  }
  if (series?.[1]?.toUpperCase() === 'GTX' && (series[2] === '10' || series[2] === '16'))
    return series[2] === '10' ? 'gtx10' : 'gtx16';
  if (/\bGTX\s*9\d{2}/i.test(name)) return 'gtx9';
  if (BROKEN_HALF.test(name)) return 'gtx16';
  if (/\b(?:[AHBLV]\d{2,3}|GB\d{3}|GH200|T4|P(?:4|6|40|100)|Tesla|[KM]80|L4|L40S?)\b/.test(name)) return 'datacenter';
  return byCapability(computeCapability);
}

function byCapability(capability: string | null): GpuGeneration {
  if (capability === null) return 'other';
  const [major, minor] = capability.split('.').map(Number);
  if (major === 5) return 'gtx9';
  if (major === 6) return 'gtx10';
  if (major === 7) return minor === 5 ? 'rtx20' : 'datacenter';
  if (major === 8) return minor === 9 ? 'rtx40' : 'rtx30';
  if (major === 9 || major === 10) return 'datacenter';
  return major === 12 ? 'rtx50' : 'other';
}

/** Newest CUDA version a driver runs, from the release notes: first Linux and Windows driver of each. */
const CUDA_DRIVERS: readonly (readonly [string, number, number])[] = [
  ['13.0', 580, 580],
  ['12.9', 575, 576],
  ['12.8', 570, 570],
  ['12.6', 560, 560],
  ['12.5', 555, 555],
  ['12.4', 550, 551],
  ['12.3', 545, 545],
  ['12.2', 535, 536],
  ['12.1', 530, 531],
  ['12.0', 525, 527],
  ['11.8', 520, 522],
  ['11.7', 515, 516],
  ['11.6', 510, 511],
  ['11.4', 470, 471],
  ['11.2', 460, 461],
  ['11.1', 455, 456],
  ['11.0', 450, 451],
  ['10.2', 440, 441],
];

/** `12.1` for driver `531.18`; null when the driver is older than every entry or no number. */
export function cudaOfDriver(driver: string, windows: boolean): string | null {
  const major = Number(driver.split('.')[0]);
  return CUDA_DRIVERS.find(([, linux, win]) => major >= (windows ? win : linux))?.[0] ?? null;
}

/** A DxDiag report: its display devices. Memory in bytes. */
export interface DxDiagCard {
  readonly name: string;
  readonly manufacturer: string;
  readonly dedicatedMemory: number | null;
}

export function readDxDiag(text: string): readonly DxDiagCard[] {
  const cards: { name: string; manufacturer: string; dedicatedMemory: number | null }[] = [];
  for (const raw of text.split(/\r?\n/, 20_000)) {
    const match = /^\s*(Card name|Manufacturer|Dedicated Memory):\s*(\S.*)$/.exec(raw);
    const value = match?.[2]?.trim() ?? '';
    if (match?.[1] === 'Card name') cards.push({ name: value.slice(0, 200), manufacturer: '', dedicatedMemory: null });
    const card = cards.at(-1);
    if (card && match?.[1] === 'Manufacturer') card.manufacturer = value.slice(0, 200);
    if (card && match?.[1] === 'Dedicated Memory') card.dedicatedMemory = mib(value);
  }
  return cards;
}
