import { type DisplayDevice, readLspci, readSystemProfiler, readVideoControllers } from '../../formats/display-devices';
import { decodeText } from '../../formats/launch/decode';
import type { CheckContext } from '../check';

/** Of each of the two questions; both and nvidia-smi's stay below the limit of the check. */
const TIME_LIMIT_MS = 4_500;

const ASK: {
  readonly [os: string]: {
    readonly program: string;
    readonly args: readonly string[];
    readonly read: (text: string) => readonly DisplayDevice[];
  };
} = {
  windows: {
    program: 'powershell',
    args: [
      '-NoProfile',
      '-NonInteractive',
      '-Command',
      '[Console]::OutputEncoding=[Text.Encoding]::UTF8; Get-CimInstance Win32_VideoController | Select-Object Name,AdapterRAM,DriverVersion | ConvertTo-Json -Compress',
    ],
    read: readVideoControllers,
  },
  linux: { program: 'lspci', args: ['-mm'], read: readLspci },
  macos: { program: 'system_profiler', args: ['SPDisplaysDataType', '-json'], read: readSystemProfiler },
};

/**
 * What the operating system lists, asked only when nvidia-smi has no answer: our own question first, and systeminformation
 * when that names no card or does not know its memory (Windows tells 4 GiB and more in the registry only). Virtual and
 * unknown adapters are left out.
 */
export async function askSystem(context: CheckContext, notInside: readonly string[]): Promise<readonly DisplayDevice[]> {
  const own = await askOwn(context, notInside);
  const sure = own.length > 0 && (context.platform.os === 'linux' || own.every((device) => device.memory !== null));
  if (sure) return own;
  const limits = { timeoutMs: TIME_LIMIT_MS, signal: context.signal, notInside };
  const listed = real((await context.platform.graphics(limits)) ?? []);
  return own.length === 0 || listed.some((device) => device.memory !== null) ? listed : own;
}

const real = (devices: readonly DisplayDevice[]): DisplayDevice[] => devices.filter((device) => device.vendor !== 'other');

/** On Linux the amdgpu driver tells the memory of its card in sysfs. */
async function askOwn(context: CheckContext, notInside: readonly string[]): Promise<readonly DisplayDevice[]> {
  const ask = ASK[context.platform.os];
  if (!ask) return [];
  const limits = { timeoutMs: TIME_LIMIT_MS, signal: context.signal, notInside };
  const result = await context.platform.exec(ask.program, ask.args, limits);
  if (result === null || result.code !== 0) return [];
  const devices = real(ask.read(decodeText(result.stdout).text));
  if (context.platform.os !== 'linux') return devices;
  return withMemory(devices, amdMemories(context));
}

/** Several cards stand in the same order in both lists; when their numbers differ, none can be told whose it is. */
function withMemory(devices: readonly DisplayDevice[], memories: readonly number[]): readonly DisplayDevice[] {
  const cards = devices.filter((device) => device.vendor === 'amd');
  if (cards.length !== memories.length) return devices;
  return devices.map((device) => {
    const memory = memories[cards.indexOf(device)];
    return memory === undefined ? device : { ...device, memory };
  });
}

function amdMemories({ platform }: CheckContext): readonly number[] {
  const found: number[] = [];
  for (let card = 0; card < 16; card++) {
    try {
      const text = decodeText(platform.readFile(`/sys/class/drm/card${card}/device/mem_info_vram_total`, 64)).text.trim();
      if (/^\d{1,15}$/.test(text)) found.push(Number(text));
    } catch {
      // This card has no amdgpu driver, or there is no such card.
    }
  }
  return found;
}
