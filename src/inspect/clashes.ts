import type { Bilingual } from '../facts/define';
import type { Ui } from '../facts/families';
import { groupBy } from './duplicates';
import { say } from './fits-types';

/** A LoRA by the names that programs go by. */
export interface NamedFile {
  readonly path: string;
  /** File name without extension. */
  readonly stem: string;
  /** `ss_output_name`. */
  readonly alias: string | null;
}

export interface Clash {
  /** Programs for which these are one name. */
  readonly uis: readonly Ui[];
  /** The name that means more than one file. */
  readonly name: string;
  readonly paths: readonly string[];
  readonly what: Bilingual;
}

const A1111: readonly Ui[] = ['a1111', 'forge', 'reforge', 'forge-classic', 'forge-neo'];

/**
 * Names that mean more than one of these files (webui-a1111-family.md §2.4, webui-comfyui-and-others.md B2, C, E). ComfyUI goes by the path with
 * extension: within one folder nothing can clash there.
 */
export function findClashes(files: readonly NamedFile[]): Clash[] {
  const out: Clash[] = [];
  const add = (uis: readonly Ui[], name: string, group: readonly NamedFile[], what: Bilingual): number =>
    out.push({ uis, name, paths: group.map(({ path }) => path), what });
  const stems = groupBy(files, ({ stem }) => stem);
  for (const group of stems) {
    const [first] = group;
    if (!first) continue;
    add(
      [...A1111, 'fooocus'],
      first.stem,
      group,
      say(
        'the same name in several folders: the last one scanned is used, silently',
        '多个文件夹中同名：静默使用最后扫描到的一个',
      ),
    );
  }
  const sdnext = (file: NamedFile): string => file.stem.replaceAll('.', '_');
  for (const group of groupBy(files, sdnext)) {
    const [first] = group;
    if (first) add(['sdnext'], sdnext(first), group, say('one name once dots are underscores', '点替换为下划线后同名'));
  }
  for (const group of groupBy(files, ({ alias }) => alias)) {
    const [first] = group;
    if (first?.alias && group.some(({ stem }) => stem !== first.stem))
      add(
        A1111,
        first.alias,
        group,
        say('trained under one name: only their file names tell them apart in a prompt', '训练名相同：提示词中只能用文件名区分'),
      );
  }
  const byStem = new Map(files.map((file) => [file.stem, file]));
  for (const file of files) {
    const other = file.alias === null || file.alias === file.stem ? undefined : byStem.get(file.alias);
    if (other && other.alias !== file.alias && other.path !== file.path)
      add(
        A1111,
        other.stem,
        [file, other],
        say(
          'the training name of the first is the file name of the second: a prompt may get the wrong one',
          '前者的训练名等于后者的文件名：提示词可能取到错误的文件',
        ),
      );
  }
  return out;
}
