import { type Fact, known } from '../../facts/value';
import type { SeenFile } from './seen';

/** LoRAs of one install that share a name: what the prompt's name may resolve to (webui-a1111-family.md §2.4). */
export function nameClashes(files: readonly SeenFile[]): Map<SeenFile, { readonly [factId: string]: Fact }> {
  const listed = files.filter((file) => file.folder.kind === 'lora' && file.name.overlay === '');
  const byStem = group(listed, (file) => file.name.stem);
  const byAlias = group(listed, aliasOf);
  const out = new Map<SeenFile, { readonly [factId: string]: Fact }>();
  for (const file of listed) {
    const alias = aliasOf(file);
    const others = (list: readonly SeenFile[] | undefined): string[] =>
      (list ?? [])
        .filter((other) => other !== file && other.path !== file.path)
        .map((other) => other.path)
        .slice(0, 20);
    out.set(file, {
      'lora.sameStem': known(others(byStem.get(file.name.stem))),
      'lora.aliasShared': known(alias === null ? [] : others(byAlias.get(alias))),
      'lora.aliasOf': known(alias === null || alias === file.name.stem ? [] : others(byStem.get(alias))),
    });
  }
  return out;
}

function aliasOf(file: SeenFile): string | null {
  return file.looked?.inspected?.metadata?.alias ?? null;
}

function group(files: readonly SeenFile[], key: (file: SeenFile) => string | null): Map<string, SeenFile[]> {
  const out = new Map<string, SeenFile[]>();
  for (const file of files) {
    const value = key(file);
    if (value === null) continue;
    const list = out.get(value);
    if (list) list.push(file);
    else out.set(value, [file]);
  }
  return out;
}
