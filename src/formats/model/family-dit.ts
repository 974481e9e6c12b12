import type { Family } from '../../facts/families';
import { type Allowed, only, several } from './allowed';
import { fitArchitectures } from './architecture-match';
import type { Names } from './names';

/** A family that the tables name. */
type Known = Exclude<Family, 'unknown'>;

/** Families of diffusion transformers: by a name that only one has, else by the architectures that hold all modules. Null: not one of these. */
export function transformerFamily(names: Names): Allowed | null {
  return ownNames(names) ?? byArchitecture(names);
}

const OWN: readonly [RegExp, Family, string][] = [
  [/motion_modules/, 'animatediff-sd15', 'motion_modules'],
  [/^model_layers_#_self_attn_[qkvo]_proj/, 'llm-adapter', 'model.layers.N.self_attn'],
  [/distilled_guidance_layer|^nerf_blocks_#/, 'chroma', 'distilled_guidance_layer'],
  [/visual_transformer_blocks|^text_transformer_blocks/, 'kandinsky5', 'visual_transformer_blocks'],
  [/txtfusion|text_fusion|^blocks_#_attn_(?:gate|wq|wo)/, 'krea2', 'txtfusion / attn.wq'],
  [/double_stream_blocks|single_stream_blocks/, 'hidream-i1', 'double_stream_blocks'],
  [/llm_adapter/, 'anima', 'llm_adapter'],
  [/joint_transformer_blocks|^double_layers_#_attn_w1/, 'auraflow', 'joint_transformer_blocks'],
  [/audio_attn|audio_to_video/, 'ltx-2', 'audio_attn'],
  [/(?:img_mlp|txt_mlp)_net|transformer_blocks_#_(?:img|txt)_mod_1$/, 'qwen-image', 'img_mlp.net / txt_mlp.net'],
  [/clean_x_embedder/, 'framepack', 'clean_x_embedder'],
  [/transformer_blocks_#_attn1_add_[qkv]_proj|time_embed_pooler/, 'mochi', 'attn1.add_q_proj / pooler'],
];

/** Names that only one family has. */
function ownNames(names: Names): Allowed | null {
  for (const [pattern, family, quoted] of OWN) {
    if (names.has(pattern))
      return only(family, `only this family has modules named ${quoted}`, `只有该系列有名为 ${quoted} 的模块`);
  }
  return null;
}

function byArchitecture(names: Names): Allowed | null {
  const fitted = fitArchitectures(names);
  if (!fitted) return null;
  const { families, width } = fitted;
  const known = families.filter((family): family is Known => family !== 'unknown');
  const [first] = known;
  if (!first || (known.length < families.length && fitted.ending === 'unknown')) return other(fitted.variant);
  const sure = known.length === 1 && fitted.whole && known.length === families.length;
  const variant = fitted.variant ?? control(first, names);
  const ending = known.find((family) => family === fitted.ending) ?? null;
  if (sure) {
    return only(
      first,
      `block names and shapes of ${first}, width ${width}`,
      `模块名称和形状属于 ${first}，宽度 ${width}`,
      variant,
    );
  }
  if (!fitted.whole) {
    return {
      ...several(
        known,
        first,
        `most block names and shapes are those of ${known.join(', ')}`,
        `多数模块的名称和形状属于 ${known.join('、')}`,
        known.length === 1 ? 'likely' : 'guess',
      ),
      variant,
    };
  }
  return several(
    known,
    bestOf(known, ending),
    `these modules are the same in ${known.join(', ')}`,
    `这些模块在 ${known.join('、')} 中完全相同`,
    ending === null ? 'guess' : 'likely',
  );
}

/** An architecture that is none of the families, told by its name. */
function other(name: string | null): Allowed {
  return { ...several([], null, `block names and shapes of ${name}`, `模块名称和形状属于 ${name}`), variant: name };
}

/** Flux control LoRAs train the picture input for twice the channels. */
function control(family: Family, names: Names): string | null {
  return family === 'flux' && names.widths(/^(?:img_in|x_embedder)$/).has(128) ? 'control' : null;
}

/** Pairs of which neither is the usual one. */
const NO_FAVOURITE: readonly (readonly [Family, Family])[] = [
  ['flux', 'qwen-image'],
  ['anima', 'cosmos-predict2'],
];

/** The family whose depth the file has, else the most widespread one. */
function bestOf(families: readonly Family[], ending: Family | null): Family | null {
  if (ending !== null) return ending;
  if (NO_FAVOURITE.some((pair) => pair.every((family) => families.includes(family)))) return null;
  if (families.includes('ltx-2')) return 'ltx-2';
  return families[0] ?? null;
}
