import { isRecord, parseJson } from './json';

export type GpuVendor = 'nvidia' | 'amd' | 'intel' | 'apple' | 'other';

/** A graphics card as an operating system lists it. Memory in bytes. */
export interface DisplayDevice {
  readonly name: string;
  readonly vendor: GpuVendor;
  readonly memory: number | null;
  readonly driver: string | null;
}

export function vendorOf(text: string): GpuVendor {
  if (/nvidia|geforce|quadro|tesla/i.test(text)) return 'nvidia';
  if (/\bAMD\b|\bATI\b|radeon|advanced micro/i.test(text)) return 'amd';
  if (/intel/i.test(text)) return 'intel';
  return /apple/i.test(text) ? 'apple' : 'other';
}

/**
 * `Get-CimInstance Win32_VideoController | ConvertTo-Json`: one object or a list. AdapterRAM is a 32-bit number: 4 GiB and
 * more are not told.
 */
export function readVideoControllers(text: string): readonly DisplayDevice[] {
  const root = parseJson(text.replace(/^\ufeff/, ''));
  const list = Array.isArray(root) ? root : [root];
  return list.slice(0, 32).flatMap((entry) => {
    if (!isRecord(entry) || typeof entry.Name !== 'string') return [];
    const ram =
      typeof entry.AdapterRAM === 'number' && entry.AdapterRAM > 0 && entry.AdapterRAM < 4_000_000_000 ? entry.AdapterRAM : null;
    const driver = typeof entry.DriverVersion === 'string' ? entry.DriverVersion.slice(0, 60) : null;
    return [{ name: entry.Name.slice(0, 200), vendor: vendorOf(entry.Name), memory: ram, driver }];
  });
}

/** `lspci -mm`: lines whose class is a display controller. */
export function readLspci(text: string): readonly DisplayDevice[] {
  const devices: DisplayDevice[] = [];
  for (const line of text.split('\n', 2000)) {
    const cells = [...line.slice(0, 2000).matchAll(/"([^"]*)"/g)].map((match) => match[1] ?? '');
    if (!/^(?:VGA|3D|Display)/.test(cells[0] ?? '')) continue;
    const bracket = /\[([^\]]{1,120})\]/.exec(cells[2] ?? '')?.[1];
    const vendor = vendorOf(cells[1] ?? '');
    devices.push({
      name: `${vendor === 'nvidia' ? 'NVIDIA ' : ''}${bracket ?? cells[2] ?? ''}`.slice(0, 200),
      vendor,
      memory: null,
      driver: null,
    });
  }
  return devices;
}

/** `system_profiler SPDisplaysDataType -json` of macOS. Apple chips share the main memory: none of their own. */
export function readSystemProfiler(text: string): readonly DisplayDevice[] {
  const root = parseJson(text);
  const list = isRecord(root) && Array.isArray(root.SPDisplaysDataType) ? root.SPDisplaysDataType : [];
  return list.slice(0, 16).flatMap((entry) => {
    const name = isRecord(entry) ? (entry.sppci_model ?? entry._name) : undefined;
    return typeof name === 'string' ? [{ name: name.slice(0, 200), vendor: vendorOf(name), memory: null, driver: null }] : [];
  });
}

/**
 * The `controllers` of systeminformation's `graphics()`; `vram` is in MiB. On Linux that is the window of the card's memory on
 * the bus (256 MiB for an 8 GiB card without resizable BAR), not its size, so it is left out there; so is shared memory.
 */
export function readControllers(text: string, linux: boolean): readonly DisplayDevice[] {
  const root = parseJson(text);
  const list = Array.isArray(root) ? root : [];
  return list.slice(0, 32).flatMap((entry) => {
    if (!isRecord(entry) || typeof entry.model !== 'string' || entry.model === '') return [];
    const vendor = vendorOf(`${String(entry.vendor ?? '')} ${entry.model}`);
    const own = !linux && entry.vramDynamic !== true && typeof entry.vram === 'number' && entry.vram > 0;
    const driver =
      typeof entry.driverVersion === 'string' && entry.driverVersion !== '' ? entry.driverVersion.slice(0, 60) : null;
    return [{ name: entry.model.slice(0, 200), vendor, memory: own ? Number(entry.vram) * 1024 * 1024 : null, driver }];
  });
}
