/** U-Net blocks of the diffusers library in the order of the original code: SD has four levels of two blocks, SDXL three. */

const BLOCK = /^(down|up)_blocks_(\d)_(attentions|resnets|downsamplers|upsamplers)_(\d)(?:_(.*))?$/;
const MIDDLE = /^mid_block_(attentions|resnets)_(\d)(?:_(.*))?$/;

const RESNET: { readonly [part: string]: string } = {
  conv1: 'in_layers_2',
  conv2: 'out_layers_3',
  time_emb_proj: 'emb_layers_1',
  conv_shortcut: 'skip_connection',
  norm1: 'in_layers_0',
  norm2: 'out_layers_0',
};

const TOP: { readonly [part: string]: string } = {
  conv_in: 'input_blocks_0_0',
  conv_out: 'out_2',
  time_embedding_linear_1: 'time_embed_0',
  time_embedding_linear_2: 'time_embed_2',
  add_embedding_linear_1: 'label_emb_0_0',
  add_embedding_linear_2: 'label_emb_0_2',
};

/**
 * Original name (`input_blocks_1_1_proj_in`) of a diffusers U-Net module (`down_blocks_0_attentions_0_proj_in`); null when it is none.
 *
 * @param has whether the checkpoint holds such a weight: an upsampler's place depends on whether attention stands before it.
 */
export function ldmName(path: string, has: (name: string) => boolean): string | null {
  const top = TOP[path];
  if (top !== undefined) return top;
  const middle = MIDDLE.exec(path);
  if (middle) {
    const [, kind, place, rest = ''] = middle;
    if (kind === 'attentions') return `middle_block_1_${rest}`;
    return `middle_block_${place === '0' ? 0 : 2}_${RESNET[rest] ?? rest}`;
  }
  const block = BLOCK.exec(path);
  if (!block) return null;
  const [, side, level, kind, place, rest = ''] = block;
  const base = 3 * Number(level);
  if (side === 'down') {
    if (kind === 'downsamplers') return `input_blocks_${base + 3}_0_op`;
    const at = base + 1 + Number(place);
    return kind === 'attentions' ? `input_blocks_${at}_1_${rest}` : `input_blocks_${at}_0_${RESNET[rest] ?? rest}`;
  }
  if (kind === 'upsamplers') {
    const names = [1, 2].map((slot) => `output_blocks_${base + 2}_${slot}_conv`);
    return names.find(has) ?? names[1] ?? null;
  }
  const at = base + Number(place);
  return kind === 'attentions' ? `output_blocks_${at}_1_${rest}` : `output_blocks_${at}_0_${RESNET[rest] ?? rest}`;
}
