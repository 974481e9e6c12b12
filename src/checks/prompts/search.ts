import type { LoraEntry } from '../../formats/prompt/inventory';
import { withoutExtension } from '../../formats/prompt/resolve';
import type { Platform } from '../../platform/platform';

/** Folders that hold programs or pictures, never models. */
const SKIP =
  /^(?:\.git|\.cache|venv|\.venv|env|python|python_embed+ed|git|node_modules|site-packages|repositories|outputs?|log|tmp|temp|__pycache__|html|javascript)$/i;
const ENTRY_LIMIT = 40_000;

/**
 * Looks below an install for files of the given names that no LoRA folder holds: under another extension, half
 * downloaded, or in a folder of another program part.
 *
 * @param names lower-case stems.
 */
export function searchFiles(
  platform: Platform,
  root: string,
  names: ReadonlySet<string>,
  known: ReadonlySet<string>,
  signal: AbortSignal,
): LoraEntry[] {
  const out: LoraEntry[] = [];
  const walk = platform.walk(root, {
    maxDepth: 8,
    maxEntries: ENTRY_LIMIT,
    enter: (_relative, name) => !SKIP.test(name),
    file: (name) => names.has(stemOf(name)),
    signal,
  });
  for (const entry of walk) {
    if (entry.info.kind !== 'file' || known.has(entry.path) || !isModelFile(entry.name)) continue;
    out.push({
      id: null,
      path: entry.path,
      file: entry.relative,
      stem: withoutEndings(entry.name),
      alias: null,
      place: 'elsewhere',
      folder: 0,
    });
  }
  return out;
}

const ENDINGS = /\.(?:corrupted|part|partial|crdownload|download|tmp|aria2|incomplete|zip|7z|rar|txt|\d)$/i;

/** `a.safetensors.part` → `a`. */
function withoutEndings(name: string): string {
  let rest = name;
  for (let i = 0; i < 3 && ENDINGS.test(rest); i++) rest = rest.replace(ENDINGS, '');
  return withoutExtension(rest);
}

function stemOf(name: string): string {
  return withoutEndings(name).toLowerCase();
}

/** A model file or an archive or unfinished download of one; no previews and notes. */
function isModelFile(name: string): boolean {
  return /\.(?:safetensors|sft|ckpt|pt|pth|bin|gguf|zip|7z|rar)(?:\.|$)/i.test(name);
}
