import { ownerOf } from './frames';
import { isCheckpointKey, readKeyName } from './key-names';
import { familyOfOutputBlock, familyOfTextWidth, isPackedWidth, readShape, scaledWidth, textCandidates } from './widths';

type Captures = Record<string, string>;

/** Packages that are the program's own source, never installed by pip: ComfyUI; A1111 and its forks; SD.Next. */
const OWN_MODULE = /^(comfy|comfy_extras|comfy_api|comfy_execution|comfy_config|ldm_patched|modules_forge|modules|backend)\./;

const MODEL_FILE = /\.(?:safetensors|sft|ckpt|pth?|bin|gguf)$/i;

/**
 * Adds what follows from captures but no pattern can say. Understood names in: `shape` + `size` (torch's "shape '[a, b]' is
 * invalid for input of size n"), `fileShape` + `modelShape`, `left` + `right` (mat1 and mat2), `sizeA` + `sizeB`, `key` or
 * `keys` (tensor names), `layer` (name of a weight in the model).
 * Out: `fileWidth`, `modelWidth`, `fileFamily`, `wantedFamily`, `quantised: yes`, `channels: differ`, `projections: differ`; `part`, `keyStyle`,
 * `adapter`, `keyFamily`, `checkpointKeys: yes`; `ownModule` (of `module`, or of an `error` that names a missing one, when it is a package of the program itself);
 * `modelFile: yes` (what `file` or `path` ends in), `extension` (whose it is).
 */
export function derive(captures: Captures): Captures {
  if (Object.keys(captures).length === 0) return captures;
  const out: Captures = { ...captures };
  if (captures.shape && captures.size) fromProduct(out, readShape(captures.shape), Number(captures.size));
  if (captures.fileShape && captures.modelShape) fromShapes(out, readShape(captures.fileShape), readShape(captures.modelShape));
  if (captures.left && captures.right) fromMatrices(out, readShape(captures.left), readShape(captures.right));
  if (captures.sizeA && captures.sizeB) fromSizes(out, Number(captures.sizeA), Number(captures.sizeB));
  if (captures.modelSize && captures.fileSize && captures.modelSize !== captures.fileSize) out.channels = 'differ';
  if (captures.path && /[\\/]comfy_extras[\\/]/.test(captures.path)) out.bundled = 'yes';
  const missing = captures.module ?? /No module named '([^']{1,200})'/.exec(captures.error ?? '')?.[1];
  const own = missing === undefined ? undefined : OWN_MODULE.exec(missing)?.[1];
  if (own) out.ownModule = own;
  const owner = ownerOf(captures.path ?? captures.file ?? '');
  if (owner?.kind === 'extension') out.extension = owner.name;
  if (MODEL_FILE.test(captures.file ?? captures.path ?? '')) out.modelFile = 'yes';
  if (captures.error && /\bFloat[48]_/.test(captures.error)) out.quantised = 'yes';
  if (captures.backend) out.backend = captures.backend.toLowerCase();
  if (captures.key ?? captures.keys) fromKeys(out, captures.key ?? captures.keys ?? '');
  return out;
}

function fromProduct(out: Captures, shape: readonly number[], size: number): void {
  const [rows, columns, ...window] = shape;
  if (!rows || !columns || window.some((side) => side !== 1) || !Number.isSafeInteger(size)) return;
  out.modelWidth = String(columns);
  if (isPackedWidth(columns)) {
    out.quantised = 'yes';
    return;
  }
  const block = /output_blocks\.(\d{1,2})\./.exec(out.layer ?? '')?.[1];
  const number = block === undefined ? undefined : Number(block);
  if (familyOfTextWidth(columns) && columns !== rows && columns !== 1280) fromTextLayer(out, size, rows, columns, number);
  else fromChannels(out, size, rows, columns, number);
}

/** The model's layer takes text: the width of the file's one names its family, unless two families explain the number. */
function fromTextLayer(out: Captures, size: number, rows: number, columns: number, block: number | undefined): void {
  const wanted = familyOfTextWidth(columns);
  if (wanted) out.wantedFamily = wanted;
  const candidates = textCandidates(size, rows, block);
  const [only] = candidates;
  if (candidates.length !== 1 || !only || only.family === wanted) return;
  out.fileWidth = String(only.width);
  out.fileFamily = only.family;
  out.channels = 'differ';
}

/** The decoder blocks of SD 1.x and SDXL stand in another order, so the width of a numbered block tells them apart. */
function fromChannels(out: Captures, size: number, rows: number, columns: number, block: number | undefined): void {
  const width = scaledWidth(size, rows, columns);
  const ratio = size / rows;
  if (width === undefined) {
    if (Number.isInteger(ratio) && ratio !== columns && ratio <= 32768) setWidths(out, ratio, columns);
    return;
  }
  out.fileWidth = String(width);
  out.channels = 'differ';
  if (block === undefined) return;
  const narrow = Math.min(rows, columns);
  const wanted = familyOfOutputBlock(block, narrow);
  const file = familyOfOutputBlock(block, (narrow / columns) * width);
  if (wanted && file && wanted !== file) {
    out.wantedFamily = wanted;
    out.fileFamily = file;
  }
}

function fromShapes(out: Captures, file: readonly number[], model: readonly number[]): void {
  const fileWidth = file[1];
  const modelWidth = model[1];
  if (fileWidth === undefined || modelWidth === undefined) return;
  if (isPackedPair(file, model) || isPackedPair(model, file)) {
    out.quantised = 'yes';
    return;
  }
  // SD 1.x projects around its attention by convolutions, SD 2.x and SDXL by linear layers.
  if (sameButWindow(file, model) || sameButWindow(model, file)) out.projections = 'differ';
  if (isPackedWidth(modelWidth) || isPackedWidth(fileWidth)) out.quantised = 'yes';
  setWidths(out, fileWidth, modelWidth);
  if (file[0] !== model[0] && file[1] === model[1]) out.rows = 'differ';
}

/** bitsandbytes keeps two 4-bit weights in a byte, all in one column. */
function isPackedPair([bytes, one, more]: readonly number[], whole: readonly number[]): boolean {
  if (!bytes || one !== 1 || more !== undefined || whole.length < 2) return false;
  return bytes * 2 === whole.reduce((product, side) => product * side, 1);
}

/** `[a, b]` and `[a, b, 1, 1]`. */
function sameButWindow(flat: readonly number[], windowed: readonly number[]): boolean {
  if (flat.length !== 2 || windowed.length !== 4) return false;
  return flat[0] === windowed[0] && flat[1] === windowed[1] && windowed[2] === 1 && windowed[3] === 1;
}

/** mat1 is what flows in (its width is what the running part produces), mat2 the weight that it meets. */
function fromMatrices(out: Captures, left: readonly number[], right: readonly number[]): void {
  const produced = left[1];
  const expected = right[0];
  if (produced === undefined || expected === undefined) return;
  out.leftWidth = String(produced);
  out.rightWidth = String(expected);
  if (isPackedWidth(expected) || isPackedWidth(right[1] ?? 0)) out.quantised = 'yes';
  const leftFamily = familyOfTextWidth(produced);
  const rightFamily = familyOfTextWidth(expected);
  if (leftFamily) out.leftFamily = leftFamily;
  if (rightFamily) out.rightFamily = rightFamily;
}

/** `a` is the model's own weight, `b` what is added to it. */
function fromSizes(out: Captures, model: number, file: number): void {
  if (isPackedWidth(model) || isPackedWidth(file)) {
    out.quantised = 'yes';
    return;
  }
  setWidths(out, file, model);
}

function setWidths(out: Captures, file: number | undefined, model: number): void {
  out.modelWidth = String(model);
  if (file === undefined) return;
  out.fileWidth = String(file);
  if (file === model) return;
  out.channels = 'differ';
  const fileFamily = familyOfTextWidth(file);
  const wantedFamily = familyOfTextWidth(model);
  // 1280 is also an ordinary channel width: it names a family only against a text width that can be nothing else.
  if (fileFamily && wantedFamily && (file !== 1280 || model === 768) && (model !== 1280 || file === 768)) {
    out.fileFamily = fileFamily;
    out.wantedFamily = wantedFamily;
  }
}

/** Several names (a Python list or dict) are judged by the first forty of them. */
function fromKeys(out: Captures, text: string): void {
  const keys = text
    .split(/['",\s[\]{}]{1,8}/)
    .filter((key) => key.includes('.') || key.includes('_'))
    .slice(0, 40);
  for (const key of keys) {
    const name = readKeyName(key);
    out.part ??= name.part;
    if (name.style) out.keyStyle ??= name.style;
    if (name.adapter) out.adapter ??= name.adapter;
    if (name.family) out.keyFamily ??= name.family;
    if (isCheckpointKey(key)) out.checkpointKeys = 'yes';
  }
}
