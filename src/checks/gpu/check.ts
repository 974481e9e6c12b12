import { join } from 'node:path';
import { gpuFacts } from '../../facts/registry/gpu';
import { machineFacts } from '../../facts/registry/machine';
import type { FactMap, Gathered, Note } from '../../facts/snapshot';
import type { Subject } from '../../facts/subject';
import { type Fact, known, unknown } from '../../facts/value';
import { type DisplayDevice, vendorOf } from '../../formats/display-devices';
import { decodeText } from '../../formats/launch/decode';
import { cudaOfDriver, generationOf, hasBrokenHalf, type NvidiaGpu, readDxDiag } from '../../formats/nvidia-smi';
import type { Check, CheckContext } from '../check';
import { askNvidiaSmi, type NvidiaProbe } from './nvidia';
import { askSystem } from './system';

const provides = [...gpuFacts, ...machineFacts.filter((spec) => spec.check === 'gpu')].map((spec) => spec.id);

/** Graphics cards: nvidia-smi, else what the system lists, else a DxDiag report beside the install. */
export const gpuCheck: Check = {
  id: 'gpu',
  title: { en: 'Graphics card', zh: '显卡' },
  needs: ['install'],
  provides,
  depth: 'quick',
  timeoutMs: 20_000,
  run,
};

interface Card {
  readonly label: string;
  readonly facts: FactMap;
}

async function run(context: CheckContext): Promise<Gathered> {
  const installs = context.facts.subjects('install').flatMap((install) => (install.path === undefined ? [] : [install.path]));
  const notInside = [...context.targets, ...installs];
  const probe = await askNvidiaSmi(context, notInside);
  const notes: Note[] = [];
  let cards: readonly Card[] = [];
  if (probe.state === 'ok') cards = probe.gpus.map((gpu) => nvidiaCard(gpu, context.platform.os === 'windows'));
  else {
    const devices = await askSystem(context, notInside);
    cards = devices.map((device) => deviceCard(device, 'system', undefined, probe));
    if (!cards.some((card) => card.facts['gpu.vramTotal']?.state === 'known')) {
      const report = dxdiag(context, [...installs, ...context.targets]);
      if (report.length > 0) cards = report.map(({ device, path }) => deviceCard(device, 'dxdiag', path, probe));
    }
    if (probe.state === 'failed' && probe.why === 'unreadable')
      notes.push({ check: 'gpu', code: 'unreadable', detail: probe.text });
  }
  const subjects: Subject[] = [{ kind: 'machine', id: 'machine', label: 'this computer' }];
  const facts: { [subject: string]: FactMap } = { machine: machineFactsOf(probe, cards.length) };
  cards.forEach((card, index) => {
    const id = `gpu:${index}`;
    subjects.push({ kind: 'gpu', id, label: card.label, links: { machine: 'machine' } });
    facts[id] = card.facts;
  });
  return { subjects, facts, notes };
}

function machineFactsOf(probe: NvidiaProbe, count: number): FactMap {
  const facts: { [fact: string]: Fact } = {
    'machine.nvidiaSmi': known(probe.state),
    'machine.gpuCount':
      probe.state === 'ok' || count > 0 ? known(count) : unknown('not-stated', 'neither nvidia-smi nor the system lists a card'),
  };
  if (probe.state === 'failed' && probe.text !== '') facts['machine.nvidiaSmiError'] = known(probe.text);
  return facts;
}

function nvidiaCard(gpu: NvidiaGpu, windows: boolean): Card {
  const missing = unknown('not-stated', 'nvidia-smi does not tell');
  const cuda = gpu.driver === null ? null : cudaOfDriver(gpu.driver, windows);
  return {
    label: gpu.name,
    facts: {
      'gpu.name': known(gpu.name),
      'gpu.vendor': known('nvidia'),
      'gpu.vramTotal': gpu.memoryTotal === null ? missing : known(gpu.memoryTotal),
      'gpu.vramFree': gpu.memoryFree === null ? missing : known(gpu.memoryFree),
      'gpu.driver': gpu.driver === null ? missing : known(gpu.driver),
      'gpu.computeCapability': gpu.computeCapability === null ? missing : known(gpu.computeCapability),
      'gpu.generation': known(generationOf(gpu.name, gpu.computeCapability)),
      'gpu.halfBroken': known(hasBrokenHalf(gpu.name)),
      'gpu.cudaMax': cuda === null ? missing : known(cuda),
      'gpu.cudaMajor': cuda === null ? missing : known(Number(cuda.split('.')[0])),
      'gpu.source': known('nvidia-smi'),
    },
  };
}

function deviceCard(device: DisplayDevice, source: 'system' | 'dxdiag', path: string | undefined, probe: NvidiaProbe): Card {
  const why = unknown('unsupported', probe.state === 'missing' ? 'no nvidia-smi' : `nvidia-smi: ${probe.state}`);
  const from = path === undefined ? undefined : { path };
  const nvidia = device.vendor === 'nvidia';
  return {
    label: device.name,
    facts: {
      'gpu.name': known(device.name, from),
      'gpu.vendor': known(device.vendor, from),
      'gpu.vramTotal': device.memory === null ? why : known(device.memory, from),
      'gpu.vramFree': why,
      'gpu.driver': device.driver === null ? why : known(device.driver),
      'gpu.computeCapability': nvidia ? why : { state: 'na' },
      'gpu.generation': nvidia ? known(generationOf(device.name, null), from) : { state: 'na' },
      'gpu.halfBroken': nvidia ? known(hasBrokenHalf(device.name), from) : { state: 'na' },
      'gpu.cudaMax': nvidia ? why : { state: 'na' },
      'gpu.cudaMajor': nvidia ? why : { state: 'na' },
      'gpu.source': known(source, from),
    },
  };
}

/** DxDiag.txt in an install or target folder: a report that the user was once asked for, so it is trusted least. */
function dxdiag({ platform }: CheckContext, folders: readonly string[]): { device: DisplayDevice; path: string }[] {
  for (const folder of folders) {
    for (const name of ['DxDiag.txt', 'dxdiag.txt', 'DXDIAG.TXT']) {
      const path = join(folder, name);
      if (platform.stat(path)?.kind !== 'file') continue;
      try {
        const cards = readDxDiag(decodeText(platform.readFile(path, 4 * 1024 * 1024)).text);
        if (cards.length === 0) continue;
        return cards.map((card) => ({
          path,
          device: {
            name: card.name,
            vendor: vendorOf(`${card.name} ${card.manufacturer}`),
            memory: card.dedicatedMemory,
            driver: null,
          },
        }));
      } catch {
        // Too large or unreadable: no source, the card stays unknown.
      }
    }
  }
  return [];
}
