import type { Bilingual } from '../facts/define';
import { BARE, prefixOf } from '../formats/model/parts';

/** Where in the model a module stands, in the order in which a model runs. */
export interface Block {
  /** IN, MID, OUT of a U-Net; double, single, joint, blocks, layers of a transformer; te1 … te4; `other`. */
  readonly group: string;
  readonly index: number;
}

export type LayerKind =
  | 'self-attention'
  | 'cross-attention'
  | 'attention'
  | 'feed-forward'
  | 'projection'
  | 'convolution'
  | 'other';

export const LAYER_WORDS: { readonly [kind in LayerKind]: Bilingual } = {
  'self-attention': { en: 'self-attention', zh: '自注意力' },
  'cross-attention': { en: 'cross-attention (prompt)', zh: '交叉注意力（提示词）' },
  attention: { en: 'attention', zh: '注意力' },
  'feed-forward': { en: 'feed-forward', zh: '前馈' },
  projection: { en: 'projection in and out', zh: '输入输出投影' },
  convolution: { en: 'convolution', zh: '卷积' },
  other: { en: 'other', zh: '其他' },
};

/** Order in which groups are shown. */
export const GROUPS = [
  'te1',
  'te2',
  'te3',
  'te4',
  'IN',
  'MID',
  'OUT',
  'double',
  'joint',
  'blocks',
  'layers',
  'single',
  'other',
] as const;

const NUMBERED: readonly (readonly [RegExp, string])[] = [
  [/^input_blocks_(\d{1,3})_/, 'IN'],
  [/^output_blocks_(\d{1,3})_/, 'OUT'],
  [/^(?:double_blocks|double_stream_blocks|visual_transformer_blocks)_(\d{1,3})(?:_|$)/, 'double'],
  [/^(?:single_blocks|single_transformer_blocks|single_stream_blocks)_(\d{1,3})(?:_|$)/, 'single'],
  [/^(?:joint_blocks|joint_transformer_blocks)_(\d{1,3})(?:_|$)/, 'joint'],
  [/^(?:transformer_blocks|blocks)_(\d{1,3})(?:_|$)/, 'blocks'],
  [/^layers_(\d{1,3})(?:_|$)/, 'layers'],
];
const DIFFUSERS = /^(down|up)_blocks_(\d{1,2})_(attentions|resnets|downsamplers|upsamplers|motion_modules)_(\d{1,2})/;
const ENCODER = /(?:layers|block|blocks)_(\d{1,3})_/;

/** Block numbers as in block weights of sd-scripts (lora-files.md §2.3). */
export function blockOf(name: string): Block {
  const prefix = prefixOf(name);
  const path = inner(name);
  if (prefix.part.startsWith('te')) return { group: prefix.part, index: Number(ENCODER.exec(path)?.[1] ?? 0) };
  if (path.startsWith('mid_block_') || path.startsWith('middle_block_')) return { group: 'MID', index: 0 };
  const unet = DIFFUSERS.exec(path);
  if (unet) {
    const [, side, level, kind, place] = unet;
    const j = kind === 'downsamplers' || kind === 'upsamplers' ? 2 : Number(place);
    return side === 'down'
      ? { group: 'IN', index: 1 + 3 * Number(level) + j }
      : { group: 'OUT', index: 3 * Number(level) + Math.min(j, 2) };
  }
  for (const [pattern, group] of NUMBERED) {
    const found = pattern.exec(path);
    if (found) return { group, index: Number(found[1]) };
  }
  return { group: 'other', index: 0 };
}

export function layerKind(name: string): LayerKind {
  const path = inner(name);
  if (path.includes('attn2') || path.includes('cross_attn')) return 'cross-attention';
  if (path.includes('attn1') || path.includes('self_attn')) return 'self-attention';
  if (/(?:^|_)(?:ff|ffn|mlp|feed_forward|linear[12])(?:_|$)/.test(path)) return 'feed-forward';
  if (/(?:^|_)proj_(?:in|out)$/.test(path)) return 'projection';
  if (/(?:^|_)(?:conv\d?|conv_shortcut|in_layers|out_layers|skip_connection|op|resnets)(?:_|$)/.test(path)) return 'convolution';
  if (path.includes('attn') || path.includes('attention') || path.includes('_qkv')) return 'attention';
  return 'other';
}

function inner(name: string): string {
  const prefix = prefixOf(name);
  const path = (prefix === BARE ? name : name.slice(prefix.text.length)).slice(0, 300).replaceAll('.', '_');
  return path.startsWith('_') ? path.slice(1) : path;
}
