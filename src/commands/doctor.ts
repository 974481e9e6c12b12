import { allChecks } from '../checks/all';
import { registry } from '../facts/registry/all';
import { type CompiledSignatures, compileSignatures } from '../formats/log/signature';
import { logKernels } from '../platform/wasm';
import type { Problem } from '../report/problem';
import type { Doctor } from '../scan/scan';
import type { CommandContext } from './context';
import { readShipped } from './shipped';

export interface LoadedDoctor extends Doctor {
  readonly signatures: CompiledSignatures;
}

/** The doctor with its shipped rules, and the user's beside them (`--rules DIR`). */
export async function loadDoctor(context: CommandContext): Promise<LoadedDoctor | Problem> {
  const data = readShipped();
  const signatures = compileSignatures(data.signatures, { wasm: logKernels });
  const directory = context.args.options.get('rules');
  let base = data.base;
  if (typeof directory === 'string') {
    const { addUserRules } = await import('./user-rules');
    const added = addUserRules(context, data, directory);
    if ('code' in added) return added;
    base = added;
  }
  return {
    platform: context.platform,
    checks: allChecks(signatures),
    base,
    registry,
    version: context.version,
    identity: context.identity,
    signatures,
  };
}
