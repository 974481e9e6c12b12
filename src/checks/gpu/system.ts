import { type DisplayDevice, readLspci, readSystemProfiler, readVideoControllers } from '../../formats/display-devices';
import { decodeText } from '../../formats/launch/decode';
import type { CheckContext } from '../check';

const TIME_LIMIT_MS = 6_000;

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
 * What the operating system lists, asked only when nvidia-smi has no answer. On Linux the amdgpu driver tells the memory
 * of its card in sysfs. Virtual and unknown adapters are left out.
 */
export async function askSystem(context: CheckContext, notInside: readonly string[]): Promise<readonly DisplayDevice[]> {
  const ask = ASK[context.platform.os];
  if (!ask) return [];
  const result = await context.platform.exec(ask.program, ask.args, {
    timeoutMs: TIME_LIMIT_MS,
    signal: context.signal,
    notInside,
  });
  if (result === null || result.code !== 0) return [];
  const devices = ask.read(decodeText(result.stdout).text).filter((device) => device.vendor !== 'other');
  if (context.platform.os !== 'linux') return devices;
  const memory = amdMemory(context);
  return devices.map((device) => (device.vendor === 'amd' && memory !== null ? { ...device, memory } : device));
}

function amdMemory({ platform }: CheckContext): number | null {
  for (let card = 0; card < 8; card++) {
    try {
      const text = decodeText(platform.readFile(`/sys/class/drm/card${card}/device/mem_info_vram_total`, 64)).text.trim();
      if (/^\d{1,15}$/.test(text)) return Number(text);
    } catch {
      // This card has no amdgpu driver, or there is no such card.
    }
  }
  return null;
}
