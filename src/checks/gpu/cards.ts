import type { FactMap } from '../../facts/snapshot';
import { type Fact, known, na, unknown } from '../../facts/value';
import type { AmdGpu } from '../../formats/amd-smi';
import type { DisplayDevice } from '../../formats/display-devices';
import type { MigCard } from '../../formats/nvidia-mig';
import { cudaOfDriver, generationOf, hasBrokenHalf, type NvidiaGpu } from '../../formats/nvidia-smi';
import type { AmdAnswer } from './amd';
import type { NvidiaProbe } from './nvidia';

/** A card as a subject: what people call it, and its facts. */
export interface Card {
  readonly label: string;
  readonly facts: FactMap;
}

/** `mig`: null when the card is not divided. */
export function nvidiaCard(gpu: NvidiaGpu, mig: MigCard | null, windows: boolean): Card {
  const missing = unknown('not-stated', 'nvidia-smi does not tell');
  const divided = unknown('unsupported', 'the card is divided into parts (MIG): a program gets a part, not the card');
  const or = (value: number | string | null): Fact => (value === null ? missing : known(value));
  const cuda = gpu.driver === null ? null : cudaOfDriver(gpu.driver, windows);
  return {
    label: gpu.name,
    facts: {
      'gpu.name': known(gpu.name),
      'gpu.vendor': known('nvidia'),
      'gpu.vramTotal': mig === null ? or(gpu.memoryTotal) : divided,
      'gpu.vramFree': mig === null ? or(gpu.memoryFree) : divided,
      'gpu.driver': or(gpu.driver),
      'gpu.computeCapability': or(gpu.computeCapability),
      'gpu.generation': known(generationOf(gpu.name, gpu.computeCapability)),
      'gpu.halfBroken': known(hasBrokenHalf(gpu.name)),
      'gpu.cudaMax': or(cuda),
      'gpu.cudaMajor': or(cuda === null ? null : Number(cuda.split('.')[0])),
      'gpu.migParts': mig === null ? na : known(mig.profiles),
      'gpu.target': na,
      'gpu.integrated': known(false),
      'gpu.source': known('nvidia-smi'),
    },
  };
}

export function amdCard(gpu: AmdGpu, tool: AmdAnswer['tool']): Card {
  const missing = unknown('not-stated', `${tool} does not tell`);
  const shared = unknown('unsupported', 'part of the processor: it uses main memory, and what is set aside is no limit');
  const memory = (value: number | null): Fact => (gpu.integrated ? shared : value === null ? missing : known(value));
  return {
    label: gpu.name,
    facts: {
      'gpu.name': known(gpu.name),
      'gpu.vendor': known('amd'),
      'gpu.vramTotal': memory(gpu.memoryTotal),
      'gpu.vramFree': memory(gpu.memoryFree),
      'gpu.driver': gpu.driver === null ? missing : known(gpu.driver),
      ...NOT_NVIDIA,
      'gpu.target': gpu.target === null ? missing : known(gpu.target),
      'gpu.integrated': known(gpu.integrated),
      'gpu.source': known(tool),
    },
  };
}

/** `path`: the DxDiag report that names it. */
export function deviceCard(device: DisplayDevice, path: string | undefined, probe: NvidiaProbe): Card {
  const why = unknown('unsupported', probe.state === 'missing' ? 'no nvidia-smi' : `nvidia-smi: ${probe.state}`);
  const from = path === undefined ? undefined : { path };
  const nvidia = device.vendor === 'nvidia';
  const ofNvidia = {
    'gpu.computeCapability': why,
    'gpu.generation': known(generationOf(device.name, null), from),
    'gpu.halfBroken': known(hasBrokenHalf(device.name), from),
    'gpu.cudaMax': why,
    'gpu.cudaMajor': why,
    'gpu.migParts': why,
  };
  return {
    label: device.name,
    facts: {
      'gpu.name': known(device.name, from),
      'gpu.vendor': known(device.vendor, from),
      'gpu.vramTotal': device.memory === null ? why : known(device.memory, from),
      'gpu.vramFree': why,
      'gpu.driver': device.driver === null ? why : known(device.driver),
      ...(nvidia ? ofNvidia : NOT_NVIDIA),
      'gpu.target': device.vendor === 'amd' ? why : na,
      'gpu.integrated': why,
      'gpu.source': known(path === undefined ? 'system' : 'dxdiag', from),
    },
  };
}

const NOT_NVIDIA: FactMap = Object.fromEntries(
  ['computeCapability', 'generation', 'halfBroken', 'cudaMax', 'cudaMajor', 'migParts'].map((name) => [`gpu.${name}`, na]),
);
