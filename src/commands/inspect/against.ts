import path from 'node:path';
import { openModel } from '../../formats/model/open';
import type { SafetensorsHeader } from '../../formats/safetensors-header';
import { type AgainstCheckpoint, againstCheckpoint } from '../../inspect/against';
import { type DoraNorms, doraNorms, type Model } from '../../inspect/dora';
import { type Platform, ReadError } from '../../platform/platform';
import type { CommandContext } from '../context';
import { InspectError } from './files';
import type { InspectedFile } from './types';

export interface LaidOn extends AgainstCheckpoint {
  /** Null for what is no DoRA, and in a list of files. */
  readonly dora: DoraNorms | null;
}

/** By path of the LoRA. */
export type Laid = ReadonlyMap<string, LaidOn>;

interface Checkpoint {
  readonly path: string;
  readonly header: SafetensorsHeader;
}

/** `--against CHECKPOINT`: its header, or null when none is named. Throws InspectError when it cannot be had. */
export function openCheckpoint({ args, cwd, platform }: CommandContext): Checkpoint | null {
  const named = args.options.get('against');
  if (typeof named !== 'string') return null;
  const file = path.resolve(cwd, named);
  if (platform.stat(file)?.kind !== 'file') throw new InspectError('not-found', 2, file);
  const header = withModel(file, platform, (model) => model.header);
  if (!header) throw new InspectError('no-header', 3, file);
  return { path: file, header };
}

/** Lays each file on the checkpoint; what has no header is left out. */
export function layOn(files: readonly InspectedFile[], checkpoint: Checkpoint, { platform, signal }: CommandContext): Laid {
  const few = files.length <= 2;
  const stop = (): boolean => signal.aborted;
  return new Map(
    files.flatMap(({ brief }): [string, LaidOn][] => {
      const found = withModel(brief.path, platform, (lora) => {
        const dora = few ? withModel(checkpoint.path, platform, (base) => doraNorms(lora, base, stop)) : null;
        return { ...againstCheckpoint(lora.header, checkpoint.header), dora };
      });
      return found ? [[brief.path, found]] : [];
    }),
  );
}

function withModel<T>(file: string, platform: Platform, use: (model: Model) => T): T | null {
  try {
    return platform.withFile(file, (bytes) => {
      const { header } = openModel(bytes);
      return header ? use({ bytes, header }) : null;
    });
  } catch (error) {
    if (error instanceof ReadError) return null;
    throw error;
  }
}
