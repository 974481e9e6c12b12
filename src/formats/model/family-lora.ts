import { type Allowed, only, several } from './allowed';
import { transformerFamily } from './family-dit';
import { encoderHints, encoderOnlyFamily, looksLikeUnet, unetFamily } from './family-unet';
import type { LoraModule } from './modules';
import { Names } from './names';

const UNDECIDED = several([], null, 'no known module names', '没有已知的模块名称');

/** The families that the tensors of a LoRA allow. Metadata is never looked at. */
export function loraFamilies(modules: readonly LoraModule[]): Allowed {
  const denoiser: LoraModule[] = [];
  let encoders = false;
  for (const module of modules) {
    if (module.part === 'prior') return only('cascade', 'prefix lora_prior_unet_', '前缀为 lora_prior_unet_');
    if (module.part === 'denoiser') denoiser.push(module);
    else encoders = true;
  }
  const names = new Names(denoiser);
  const hints = encoderHints(encoders ? modules : []);
  if (names.empty) return encoderOnlyFamily(hints) ?? UNDECIDED;
  if (looksLikeUnet(names)) return unetFamily(names, hints) ?? UNDECIDED;
  return transformerFamily(names) ?? unetFamily(names, hints) ?? UNDECIDED;
}
