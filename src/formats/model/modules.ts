import type { SafetensorsHeader, TensorInfo } from '../safetensors-header';
import { BARE, type Part, type Prefix, prefixOf } from './parts';
import { type KeySplit, Role, splitKey } from './roles';

type Shape = readonly number[];

/** One trained module: all tensors whose names are equal up to the adapter suffix. */
export class LoraModule {
  readonly name: string;
  readonly prefix: Prefix;
  /** Bit n is set when a tensor of role n is there. */
  roles = 0;
  down: Shape | undefined = undefined;
  up: Shape | undefined = undefined;
  /** First and second factor of LoHa and LoKr, whole or split. */
  w1: Shape | undefined = undefined;
  w1a: Shape | undefined = undefined;
  w1b: Shape | undefined = undefined;
  w2: Shape | undefined = undefined;
  w2a: Shape | undefined = undefined;
  w2b: Shape | undefined = undefined;
  /** Shape of the middle factor (Tucker), of OFT blocks, or of a whole difference. */
  other: Shape | undefined = undefined;
  alpha: TensorInfo | undefined = undefined;

  constructor(name: string, prefix: Prefix) {
    this.name = name;
    this.prefix = prefix;
  }

  get part(): Part {
    return this.prefix.part;
  }

  has(role: Role): boolean {
    return (this.roles & (1 << role)) !== 0;
  }

  add(role: Role, tensor: TensorInfo): void {
    this.roles |= 1 << role;
    const shape = tensor.shape;
    switch (role) {
      case Role.down:
        this.down ??= shape;
        break;
      case Role.up:
        this.up ??= shape;
        break;
      case Role.alpha:
        this.alpha = tensor;
        break;
      case Role.hadaW1a:
      case Role.lokrW1a:
      case Role.gloraA1:
        this.w1a = shape;
        break;
      case Role.hadaW1b:
      case Role.lokrW1b:
      case Role.gloraA2:
        this.w1b = shape;
        break;
      case Role.hadaW2a:
      case Role.lokrW2a:
        this.w2a = shape;
        break;
      case Role.hadaW2b:
      case Role.lokrW2b:
        this.w2b = shape;
        break;
      case Role.lokrW1:
        this.w1 = shape;
        break;
      case Role.lokrW2:
        this.w2 = shape;
        break;
      case Role.tlora:
        if (tensor.name.endsWith('.q_layer.weight')) this.down = shape;
        else if (tensor.name.endsWith('.p_layer.weight')) this.up = shape;
        break;
      case Role.mid:
      case Role.hadaTucker:
      case Role.lokrTucker:
      case Role.oft:
      case Role.diff:
        this.other = shape;
        break;
    }
  }

  /** Rank by shape (lora-files.md §2.1); null where the algorithm has none (whole LoKr, OFT, IA3, full). */
  rank(): number | null {
    if (this.down) return this.down[0] ?? null;
    if (this.up) return this.up[1] ?? null;
    if (this.has(Role.gloraA1) && this.w1a) return Math.min(this.w1a[0] ?? 0, this.w1a[1] ?? 0) || null;
    return this.w2b?.[0] ?? this.w1b?.[0] ?? null;
  }

  /** Columns of the base weight, as far as the tensors tell. */
  width(): number | null {
    if (this.down) return this.down[1] ?? null;
    if (this.has(Role.hadaW1b)) return this.w1b?.[1] ?? null;
    if (this.has(Role.gloraA2)) return this.w1b && (this.w1b[1] ?? 0) > (this.w1b[0] ?? 0) ? (this.w1b[1] ?? null) : null;
    if (this.w1 || this.w1b) return product(this.w1?.[1] ?? this.w1b?.[1], this.w2?.[1] ?? this.w2b?.[1]);
    if (this.has(Role.diff)) return this.other?.[1] ?? null;
    return null;
  }

  /** Rows of the base weight, as far as the tensors tell. */
  height(): number | null {
    if (this.up) return this.up[0] ?? null;
    if (this.has(Role.hadaW1a)) return (this.has(Role.hadaTucker) ? this.w1a?.[1] : this.w1a?.[0]) ?? null;
    if (this.w1 || (this.w1a && !this.has(Role.gloraA1))) {
      const second = this.has(Role.lokrTucker) ? this.w2a?.[1] : this.w2a?.[0];
      return product(this.w1?.[0] ?? this.w1a?.[0], this.w2?.[0] ?? second);
    }
    if (this.has(Role.diff) && (this.other?.length ?? 0) > 1) return this.other?.[0] ?? null;
    if (this.has(Role.oft) && this.other) return oftRows(this.other);
    return null;
  }
}

function product(a: number | undefined, b: number | undefined): number | null {
  return a === undefined || b === undefined ? null : a * b;
}

/** OFT blocks are (count, size, size), BOFT's (factors, count, size, size). */
function oftRows(shape: Shape): number | null {
  const [first, second, third] = shape;
  if (shape.length === 3) return product(first, second);
  return shape.length === 4 ? product(second, third) : null;
}

export interface Grouped {
  readonly modules: readonly LoraModule[];
  /** How often each role occurs, by role number. */
  readonly roleCounts: readonly number[];
  /** Tensors that belong to no module. */
  readonly loose: readonly TensorInfo[];
  /** True when pairs are spelt `.lora.down.weight` or `_lora.down.weight` (diffusers before PEFT). */
  readonly oldDiffusers: boolean;
  /** Embeddings packed into the file (`bundle_emb.`). */
  readonly bundled: number;
}

/** Roles that make a file a LoRA. A lone `.alpha`, `.weight` or norm scale does not. */
const ADAPTER_ROLES = ~((1 << Role.plain) | (1 << Role.alpha) | (1 << Role.replace) | (1 << Role.rescale));

const LETTER_B = 98;

/** Groups all tensors of a header into modules, in one pass. */
export function groupModules(header: SafetensorsHeader): Grouped {
  const byName = new Map<string, LoraModule>();
  const roleCounts: number[] = new Array(31).fill(0);
  const loose: TensorInfo[] = [];
  const plain: TensorInfo[] = [];
  const split: KeySplit = { end: 0, role: Role.plain };
  let bundled = 0;
  let oldDiffusers = false;
  let current: LoraModule | undefined;
  for (const tensor of header.tensors) {
    const key = tensor.name;
    if (key.charCodeAt(0) === LETTER_B && key.startsWith('bundle_emb.')) {
      bundled++;
      continue;
    }
    if (!splitKey(key, split)) {
      loose.push(tensor);
      continue;
    }
    if (split.role === Role.plain) {
      plain.push(tensor);
      continue;
    }
    if (!current || current.name.length !== split.end || !key.startsWith(current.name)) {
      const name = key.slice(0, split.end);
      current = byName.get(name);
      if (!current) {
        current = new LoraModule(name, prefixOf(name));
        byName.set(name, current);
      }
    }
    current.add(split.role, tensor);
    if (!oldDiffusers && split.role === Role.down) oldDiffusers = key.endsWith('.down.weight');
    roleCounts[split.role] = (roleCounts[split.role] ?? 0) + 1;
  }
  for (const tensor of plain) {
    const owner = byName.get(tensor.name.slice(0, -7));
    if (owner?.has(Role.onInput)) owner.add(Role.plain, tensor);
    else loose.push(tensor);
  }
  return { modules: [...byName.values()], roleCounts, loose, oldDiffusers, bundled };
}

/** True when the tensors are those of an adapter. */
export function isAdapter(grouped: Grouped): boolean {
  return grouped.modules.some((module) => (module.roles & ADAPTER_ROLES) !== 0);
}

/** A name's part after its prefix starts here. A dot left over by a doubled prefix is skipped. */
export function pathStart(module: LoraModule): number {
  return module.prefix === BARE ? 0 : module.prefix.text.length;
}
