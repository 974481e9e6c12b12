import { describe, expect, it } from 'vitest';
import { identify } from '../../src/formats/model/identify';
import { readMetadata } from '../../src/formats/model/metadata';
import { compare, type Side } from '../../src/inspect/compare';
import type { WeightsLook } from '../../src/weights/look';
import { headerOf } from '../formats/model/headers';

const NAME = 'lora_unet_mid_block_attentions_0_transformer_blocks_0_attn2_to_k';

function side(median: number, metadata: Record<string, string> = {}, over: Partial<Side> = {}, width = 768): Side {
  const header = headerOf({ [`${NAME}.lora_down.weight`]: [4, width], [`${NAME}.lora_up.weight`]: [1280, 4] }, metadata);
  const modules = [{ name: NAME, rank: 4, alpha: 4, scale: 1, norm: median, spectral: median, effectiveRank: 2 }];
  const weights = { norm: { total: median, median, max: median }, modules } as unknown as WeightsLook;
  return {
    state: 'sound',
    identity: identify(header, { detail: true }),
    metadata: readMetadata(header.metadata),
    weights,
    ...over,
  };
}

describe('two LoRAs', () => {
  it('two epochs of one run: what changed', () => {
    const a = side(0.3, { ss_session_id: '7', ss_steps: '500', ss_epoch: '5', ss_network_dim: '4' });
    const b = side(0.4, { ss_session_id: '7', ss_steps: '1000', ss_epoch: '10', ss_network_dim: '4' });
    const found = compare(a, b);
    expect(found.sameRun).toBe(true);
    expect(found.differences.map(({ what }) => what)).toEqual(['epoch', 'steps', 'norm', 'normMax']);
    expect(found.modules).toEqual({ both: 1, onlyA: 0, onlyB: 0 });
    expect(found.first?.which).toBe('b');
  });

  it('the one that is much stronger comes second', () => {
    const found = compare(side(2, { ss_steps: '900' }), side(0.5, { ss_steps: '300' }));
    expect(found.first?.which).toBe('b');
    expect(found.first?.why.map(({ en }) => en).join()).toContain('4.0 times');
  });

  it('one that is hardly trained is not the one to try', () => {
    expect(compare(side(0.0001), side(0.4)).first?.which).toBe('b');
  });

  it('a sound one comes before a broken one', () => {
    expect(compare(side(1, {}, { state: 'faulty' }), side(1)).first?.which).toBe('b');
    expect(compare(side(1, {}, { state: 'faulty' }), side(1, {}, { state: 'broken' })).first).toBeNull();
  });

  it('nothing is said across families or without a difference', () => {
    expect(compare(side(1), side(3, {}, {}, 2048)).first).toBeNull();
    expect(compare(side(1), side(1.1))).toMatchObject({ first: null, sameRun: false });
  });
});
