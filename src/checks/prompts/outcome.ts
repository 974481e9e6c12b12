import { dialectOf } from '../../formats/prompt/dialect';
import type { Outcome } from '../../formats/prompt/outcome';
import { hasExtension, isUsed, type Resolution } from '../../formats/prompt/resolve';
import type { Asked, AskedLora } from './asked';

const DEAD = new Set(['model-output-unused', 'loader-unconnected', 'bypassed', 'muted', 'model-input-missing']);

/**
 * Follows the program's own rules: webui-a1111-family.md §2.6 (a missing LoRA), §3.1 (a bad number).
 *
 * @param someMissing another LoRA of the same generation resolves to no file.
 */
export function outcomeOf(asked: Asked, lora: AskedLora, resolution: Resolution | null, someMissing: boolean): Outcome {
  if (!lora.active) return 'inactive';
  if (lora.wiring?.some((w) => DEAD.has(w))) return 'unconnected';
  const tagged = asked.graph === null && lora.style === 'tag';
  if (tagged && asked.reading.allOff) return 'all-off-bad-tag';
  if (resolution ? !isUsed(resolution.kind) : tagged && neverFound(asked, lora.name)) return 'missing';
  if (tagged && someMissing && dialectOf(asked.ui).missingTurnsAllOff) return 'all-off-missing';
  if (lora.unet === 0 && (lora.te === null || lora.te === 0)) return 'no-effect';
  return resolution ? 'loads' : 'loads-if-present';
}

/** A name that no file of this program can have: with a folder, an ending, a blank at its ends or a full-width colon (§3.1). */
function neverFound(asked: Asked, name: string): boolean {
  return dialectOf(asked.ui).grammar === 'tags' && (/[\\/：]/.test(name) || hasExtension(name.trim()) || name !== name.trim());
}
