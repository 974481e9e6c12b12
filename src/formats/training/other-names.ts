import type { Family } from '../../facts/families';
import type { Given } from './given';
import type { Trainer } from './vocabulary';

/** What other programs call the options of sd-scripts. Names that mean the same in both are not listed. */
const NAMES: Readonly<Partial<Record<Trainer, Readonly<Record<string, string>>>>> = {
  diffusers: {
    rank: 'network_dim',
    lora_alpha: 'network_alpha',
    instance_data_dir: 'train_data_dir',
    num_train_epochs: 'max_train_epochs',
    optimizer: 'optimizer_type',
    enable_xformers_memory_efficient_attention: 'xformers',
    dataset_name: 'dataset_config',
    dataloader_num_workers: 'max_data_loader_n_workers',
  },
  simpletuner: {
    lora_rank: 'network_dim',
    lora_alpha: 'network_alpha',
    num_train_epochs: 'max_train_epochs',
    optimizer: 'optimizer_type',
    data_backend_config: 'dataset_config',
    model_name: 'pretrained_model_name_or_path',
    max_num_steps: 'max_train_steps',
  },
};

/** The same options under the names of sd-scripts. */
export function canonical(trainer: Trainer, options: ReadonlyMap<string, Given>): ReadonlyMap<string, Given> {
  const names = NAMES[trainer];
  if (!names) return options;
  return new Map(
    [...options].map(([name, given]) => {
      const known = names[name] ?? name;
      return [known, { ...given, name: known }];
    }),
  );
}

/** `STABLE_DIFFUSION_XL_10_BASE` (OneTrainer), `sdxl` (SimpleTuner), `flux` (ai-toolkit): the family that is trained. */
export function familyOfWord(word: string): Family | null {
  const folded = word.toLowerCase().replace(/[^a-z0-9]/g, '');
  return FAMILY_WORDS.find(([pattern]) => pattern.test(folded))?.[1] ?? null;
}

const FAMILY_WORDS: readonly (readonly [RegExp, Family])[] = [
  [/^(?:stablediffusionxl|sdxl|xl$|kolors?xl)/, 'sdxl'],
  [/^(?:stablediffusion15|sd15|sd1x)/, 'sd15'],
  [/^(?:stablediffusion2|sd2)/, 'sd21'],
  [/^(?:stablediffusion3|sd3)/, 'sd3'],
  [/^flux2/, 'flux2'],
  [/^flux/, 'flux'],
  [/^chroma/, 'chroma'],
  [/^kolors/, 'kolors'],
  [/^pixart/, 'pixart'],
  [/^(?:wuerstchen|stablecascade)/, 'cascade'],
  [/^sana/, 'sana'],
  [/^hunyuanvideo/, 'hunyuan-video'],
  [/^hidream/, 'hidream-i1'],
  [/^qwen/, 'qwen-image'],
  [/^zimage/, 'z-image'],
  [/^anima/, 'anima'],
  [/^lumina2/, 'lumina2'],
  [/^auraflow/, 'auraflow'],
  [/^(?:wan|wan2)/, 'wan'],
  [/^ltx2/, 'ltx-2'],
  [/^ltx/, 'ltx-video'],
  [/^krea2/, 'krea2'],
];
