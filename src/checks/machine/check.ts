import { machineFacts } from '../../facts/registry/machine';
import type { FactMap, Gathered } from '../../facts/snapshot';
import { type Fact, known, na, unknown } from '../../facts/value';
import type { Check, CheckContext } from '../check';

const provides = machineFacts.filter((spec) => spec.check === 'machine').map((spec) => spec.id);

/** System, memory, and free disk space at each install. */
export const machineCheck: Check = {
  id: 'machine',
  title: { en: 'Computer', zh: '计算机' },
  needs: ['install'],
  provides,
  depth: 'quick',
  timeoutMs: 5_000,
  run,
};

/** What the driver puts there for programs: NVIDIA, AMD (compute), and the card that Windows lends to WSL. */
const DEVICES = ['/dev/nvidia0', '/dev/kfd', '/dev/dxg'];

function run({ platform, facts: store }: CheckContext): Gathered {
  const memory = platform.memory();
  const machine: { [fact: string]: Fact } = {
    'machine.os': known(platform.os),
    'machine.wsl': known(
      platform.os === 'linux' && (platform.env.WSL_DISTRO_NAME !== undefined || platform.stat('/usr/lib/wsl/lib') !== null),
    ),
    'machine.container': known(
      platform.os === 'linux' && (platform.stat('/.dockerenv') !== null || platform.stat('/run/.containerenv') !== null),
    ),
    'machine.gpuDevice': platform.os === 'linux' ? known(DEVICES.some((path) => platform.stat(path) !== null)) : na,
    'machine.ramTotal': known(memory.total),
    'machine.ramFree': known(memory.free),
    'machine.swapTotal': memory.swapTotal === null ? unknown('unsupported') : known(memory.swapTotal),
  };
  const facts: { [subject: string]: FactMap } = { machine };
  for (const install of store.subjects('install')) {
    const free = install.path === undefined ? null : platform.diskFree(install.path);
    facts[install.id] = { 'install.diskFree': free === null ? unknown('unsupported') : known(roughly(free)) };
  }
  return { subjects: [{ kind: 'machine', id: 'machine', label: 'this computer' }], facts, notes: [] };
}

/** Rounded down to two digits: what other programs write meanwhile makes no new fact. */
function roughly(bytes: number): number {
  const unit = 10 ** Math.max(0, Math.floor(Math.log10(Math.max(bytes, 1))) - 1);
  return Math.floor(bytes / unit) * unit;
}
