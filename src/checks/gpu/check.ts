import { join } from 'node:path';
import { gpuFacts } from '../../facts/registry/gpu';
import { machineFacts } from '../../facts/registry/machine';
import type { FactMap, Gathered, Note } from '../../facts/snapshot';
import type { Subject } from '../../facts/subject';
import { type Fact, known, unknown } from '../../facts/value';
import { type DisplayDevice, vendorOf } from '../../formats/display-devices';
import { decodeText } from '../../formats/launch/decode';
import { readDxDiag } from '../../formats/nvidia-smi';
import type { Check, CheckContext } from '../check';
import { askAmd } from './amd';
import { amdCard, type Card, deviceCard, nvidiaCard } from './cards';
import { askMig, askNvidiaSmi, type NvidiaProbe } from './nvidia';
import { askSystem } from './system';

const provides = [...gpuFacts, ...machineFacts.filter((spec) => spec.check === 'gpu')].map((spec) => spec.id);

/** Graphics cards: nvidia-smi, else the tools of ROCm and what the system lists, else a DxDiag report beside the install. */
export const gpuCheck: Check = {
  id: 'gpu',
  title: { en: 'Graphics card', zh: '显卡' },
  needs: ['install'],
  provides,
  depth: 'quick',
  timeoutMs: 20_000,
  run,
};

async function run(context: CheckContext): Promise<Gathered> {
  const installs = context.facts.subjects('install').flatMap((install) => (install.path === undefined ? [] : [install.path]));
  const notInside = [...context.targets, ...installs];
  const probe = await askNvidiaSmi(context, notInside);
  const notes: Note[] = [];
  let cards: readonly Card[] = [];
  if (probe.state === 'ok') {
    const divided = await askMig(context, probe.gpus, notInside);
    const windows = context.platform.os === 'windows';
    cards = probe.gpus.map((gpu, at) => nvidiaCard(gpu, divided.find(({ index }) => index === at) ?? null, windows));
    for (const { index, profiles } of divided)
      notes.push({ check: 'gpu', code: 'gpu-divided', detail: [probe.gpus[index]?.name, ...profiles].join(', ') });
  } else {
    const [amd, devices] = await Promise.all([askAmd(context, notInside), askSystem(context, notInside)]);
    const others = amd === null ? devices : devices.filter((device) => device.vendor !== 'amd');
    const told = amd === null ? [] : amd.gpus.map((gpu) => amdCard(gpu, amd.tool));
    cards = [...told, ...others.map((device) => deviceCard(device, undefined, probe))];
    if (told.length === 0 && !cards.some((card) => card.facts['gpu.vramTotal']?.state === 'known')) {
      const report = dxdiag(context, [...installs, ...context.targets]);
      if (report.length > 0) cards = report.map(({ device, path }) => deviceCard(device, path, probe));
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
