import type { Ui } from '../../facts/families';
import type { HiddenReason } from '../../facts/registry/lora';

/** A file name taken apart as the programs do: the last dot begins the extension. */
export interface FileName {
  readonly file: string;
  /** Without extension; of `a.safetensors.corrupted` it is `a`, the name that prompts know. */
  readonly stem: string;
  /** Lower case, with the dot; empty when there is none. */
  readonly extension: string;
  /** Ending that a broken or unfinished file got on top (`.corrupted`, `.part` …), lower case, else empty. */
  readonly overlay: string;
}

const CORRUPTED = '.corrupted';
/** What browsers and download programs call an unfinished file. */
const LEFTOVERS = [
  '.part',
  '.partial',
  '.crdownload',
  '.download',
  '.opdownload',
  '.tmp',
  '.temp',
  '.aria2',
  '.incomplete',
  '.!ut',
  '.!qb',
  '.filepart',
  '.swp',
];

const MODEL_EXTENSIONS = new Set(['.safetensors', '.sft', '.ckpt', '.pt', '.pt2', '.pth', '.bin', '.pkl', '.gguf', '.patch']);
const ARCHIVES = new Set(['.zip', '.rar', '.7z', '.gz', '.tar']);

export function splitName(file: string): FileName {
  const dot = file.lastIndexOf('.');
  const extension = dot > 0 ? file.slice(dot).toLowerCase() : '';
  const overlay = extension === CORRUPTED || LEFTOVERS.includes(extension) ? extension : '';
  const bare = dot > 0 ? file.slice(0, dot) : file;
  const inner = overlay === '' ? -1 : bare.lastIndexOf('.');
  const stem = inner > 0 && MODEL_EXTENSIONS.has(bare.slice(inner).toLowerCase()) ? bare.slice(0, inner) : bare;
  return { file, stem, extension, overlay };
}

export const isCorruptedRename = (name: FileName): boolean => name.overlay === CORRUPTED;
export const isLeftover = (name: FileName): boolean => name.overlay !== '' && name.overlay !== CORRUPTED;

/**
 * Whether a file in a model folder is worth opening: a model, an archive of one, an unfinished or renamed one, or a file whose name hides
 * what it is (`x.safetensors.txt`, `x.safetensors (1)`, no extension). Previews, notes and sidecars are not.
 */
export function isModelName(file: string): boolean {
  const name = splitName(file);
  if (name.extension === '') return !file.startsWith('.') && !/^(?:readme|license|put.+here)/i.test(file);
  if (name.overlay === '.aria2' || name.overlay === '.swp') return false;
  if (MODEL_EXTENSIONS.has(name.extension) || ARCHIVES.has(name.extension)) return true;
  const lower = file.toLowerCase();
  const inner = ['.safetensors', '.ckpt', '.pt', '.pth'].find((extension) => lower.includes(extension));
  if (name.overlay !== '')
    return name.overlay === CORRUPTED || inner !== undefined || name.overlay === '.crdownload' || name.overlay === '.part';
  return lower.includes('.safetensors') && !/\.(?:json|info|png|jpe?g|webp|gif|html?|yaml|md|sha256)$/.test(lower);
}

const A1111 = ['.safetensors', '.pt', '.ckpt'];
const COMFY = ['.ckpt', '.pt', '.pt2', '.bin', '.pth', '.safetensors', '.pkl', '.sft'];

/** Extensions of LoRAs that each program lists (webui-a1111-family.md §2.1, webui-comfyui-and-others.md A3, B2, C, E). */
const LISTED: { readonly [ui in Ui]: readonly string[] | null } = {
  a1111: A1111,
  forge: A1111,
  reforge: A1111,
  'forge-classic': A1111,
  'forge-neo': A1111,
  sdnext: A1111,
  comfyui: COMFY,
  fooocus: ['.pth', '.ckpt', '.bin', '.safetensors', '.patch'],
  swarmui: ['.safetensors', '.sft', '.gguf'],
  // ui/easydiffusion/model_manager/__init__.py at 19c805e.
  easydiffusion: ['.ckpt', '.safetensors', '.sft', '.pt'],
  // Registered in a database, or given on the command line: nothing is listed by its name.
  invokeai: null,
  kohya: null,
};

/** Null: this program does not list LoRAs by file name, or the program is not known. */
function listedExtensions(ui: string | undefined): readonly string[] | null {
  return (LISTED as { readonly [ui: string]: readonly string[] | null })[ui ?? ''] ?? null;
}

export interface Listing {
  readonly ui: string | undefined;
  /** The program leaves out folders whose path holds a name that begins with a dot. */
  readonly hidesDotFolders: boolean;
}

/** Why a file in a LoRA folder is not listed; null when it is. */
export function hiddenReason(name: FileName, path: string, relative: string, listing: Listing): HiddenReason | null {
  if (isCorruptedRename(name)) return 'corrupted-rename';
  if (isLeftover(name)) return 'download-leftover';
  const listed = listedExtensions(listing.ui);
  if (listed && !listed.includes(name.extension)) return 'extension';
  const folders = relative.split('/').slice(0, -1);
  if (listing.ui === 'comfyui' && folders.includes('.git')) return 'hidden-folder';
  if (listing.ui === 'sdnext' && folders.some((folder) => folder.startsWith('models--'))) return 'hidden-folder';
  if (listing.hidesDotFolders && /[\\/]\./.test(path)) return 'hidden-folder';
  return null;
}
