import type { Family } from '../../facts/families';
import { type Architecture, JOINT } from './architectures';
import { CROSSED, LAYERED } from './architectures-crossed';
import { type Form, formText, type Names } from './names';

/** One module of one architecture. -1: any size; depth Infinity: not in a stack. */
interface Place {
  readonly architecture: Architecture;
  readonly stack: string;
  readonly rows: number;
  readonly columns: number;
  readonly depth: number;
}

type Index = ReadonlyMap<string, readonly Place[]>;

let built: Index | null = null;

/** Every module name of every architecture, by its form. Built at the first question. */
function index(): Index {
  if (built) return built;
  const out = new Map<string, Place[]>();
  for (const architecture of [...JOINT, ...CROSSED, ...LAYERED]) {
    for (const line of architecture.lines) {
      const [where = '', names = '', rows = '', columns = ''] = line.split(' ');
      const [stack = '', depth = ''] = where.split('*');
      const place: Place = {
        architecture,
        stack,
        rows: size(rows, architecture.sizes),
        columns: size(columns, architecture.sizes),
        depth: depth === '' ? Infinity : Number(depth),
      };
      for (const name of names.split(',')) {
        const form = formText(stack === '-' ? name : `${stack}_0_${name}`, 0);
        const list = out.get(form);
        if (list) list.push(place);
        else out.set(form, [place]);
      }
    }
  }
  built = out;
  return out;
}

/** `3h`, `h`, `1024` or `?`. */
function size(text: string, sizes: Architecture['sizes']): number {
  if (text === '?') return -1;
  const letter = sizes[text.slice(-1)];
  if (letter === undefined) return Number(text);
  return letter * (text.length > 1 ? Number(text.slice(0, -1)) : 1);
}

export interface Fitted {
  /** Families of the architectures that hold all known modules of the file, in the order of the tables. */
  readonly families: readonly Family[];
  /** The only family whose stacks end just where the file's do; null when none or several do. */
  readonly ending: Family | null;
  readonly variant: string | null;
  /** True when every module whose name is known has the shape it has in these architectures. */
  readonly whole: boolean;
  /** Hidden width, for the reason that is shown. */
  readonly width: number;
}

/**
 * Architectures whose modules are those of the file, by name, shape and depth: a file may hold any part of them. Names that no architecture
 * has are passed over. Null when no name is known, or none has a shape that it has anywhere.
 */
export function fitArchitectures(names: Names): Fitted | null {
  const hits = new Map<Architecture, number>();
  let known = 0;
  for (const form of names.forms) {
    const places = index().get(form.text);
    if (!places) continue;
    known++;
    const seen = new Set<Architecture>();
    for (const place of places) if (fits(form, place)) seen.add(place.architecture);
    for (const architecture of seen) hits.set(architecture, (hits.get(architecture) ?? 0) + 1);
  }
  const common = [...hits].filter(([architecture]) => architecture.rare !== true);
  const most = Math.max(0, ...common.map(([, count]) => count));
  const rare = Math.max(0, ...[...hits].map(([, count]) => count));
  const best = Math.max(rare, most);
  if (best === 0) return null;
  const fitting = (rare > most ? [...hits] : common).filter(([, count]) => count === best).map(([architecture]) => architecture);
  const families = [...new Set(fitting.map(({ family }) => family))];
  const ends = new Set(fitting.filter((architecture) => endsWith(names, architecture)).map(({ family }) => family));
  const [ending = null] = ends;
  return {
    families,
    ending: ends.size === 1 ? ending : null,
    variant: families.length === 1 ? variantOf(fitting) : null,
    whole: best === known,
    width: fitting[0]?.sizes.h ?? 0,
  };
}

function fits(form: Form, { rows, columns, depth }: Place): boolean {
  if ((form.greatest[0] ?? 0) >= depth) return false;
  if (columns >= 0 && form.widths.some((width) => width !== columns)) return false;
  return rows < 0 || form.heights.every((height) => height === rows);
}

/** True when the last block of every stack that the file touches is there: a whole model of this depth was trained. */
function endsWith(names: Names, architecture: Architecture): boolean {
  const last = new Map<string, { reached: number; depth: number }>();
  for (const form of names.forms) {
    for (const place of index().get(form.text) ?? []) {
      if (place.architecture !== architecture || place.depth === Infinity) continue;
      const entry = last.get(place.stack) ?? { reached: -1, depth: 0 };
      last.set(place.stack, {
        reached: Math.max(entry.reached, form.greatest[0] ?? -1),
        depth: Math.max(entry.depth, place.depth),
      });
    }
  }
  return last.size > 0 && [...last.values()].every(({ reached, depth }) => reached === depth - 1);
}

/** The variant that all share; `14b` where others are `2.1-i2v-14b`. */
function variantOf(fitting: readonly Architecture[]): string | null {
  const variants = fitting.map(({ variant }) => variant);
  const shortest = variants.reduce((a, b) => (a !== null && (b === null || b.length < a.length) ? b : a), variants[0] ?? null);
  return shortest !== null && variants.every((variant) => variant?.endsWith(shortest)) ? shortest : null;
}
