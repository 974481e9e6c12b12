import { describe, expect, it } from 'vitest';
import { GIB } from '../../src/vram/bytes';
import { cardMemory, cardOf } from '../../src/vram/cards';
import { predictRow } from '../../src/vram/predict';

describe('cardOf', () => {
  it.each([
    ['NVIDIA GeForce GTX 1060 6GB', 'gtx10'],
    ['GTX 1660 SUPER', 'gtx16'],
    ['NVIDIA GeForce GTX 1650 with Max-Q Design', 'gtx16'],
    ['RTX2060', 'rtx20'],
    ['NVIDIA GeForce RTX 3060 Laptop GPU', 'rtx30'],
    ['rtx 4060 ti', 'rtx40'],
    ['RTX 5070', 'rtx50'],
    ['Tesla T4', 'rtx20'],
    ['NVIDIA A10G', 'rtx30'],
    ['NVIDIA L4', 'rtx40'],
    ['AMD Radeon RX 6600', 'amd'],
    ['Intel(R) Arc(TM) A770', 'intel'],
    ['Apple M2 Pro', 'apple'],
    ['GTX 960', null],
    ['Quadro RTX 4000', null],
    ['NVIDIA RTX 4000 SFF Ada', null],
    ['', null],
  ])('%s is %s', (name, card) => {
    expect(cardOf(name)).toBe(card);
  });
});

describe('cardMemory', () => {
  it('reads what the name says, else what that card has', () => {
    expect(cardMemory('GTX 1060 3GB')).toBe(3);
    expect(cardMemory('RTX 3060 12 GB')).toBe(12);
    expect(cardMemory('GTX 1060')).toBe(6);
    expect(cardMemory('RTX 5090 Laptop')).toBe(24);
    expect(cardMemory('my card')).toBeNull();
  });
});

describe('a card on which programs refuse half precision', () => {
  const row = (tool: string, gpu: string, over: object = {}) =>
    predictRow({ kind: 'inference', model_family: 'sd15', tool, gpu, gpu_vram_gb: 24, ...over }).settings;

  it.each(['ComfyUI', 'Forge', 'SD.Next', 'Fooocus', 'InvokeAI'])('%s holds SD1.5 in fp32 on GTX 16', (tool) => {
    expect(row(tool, 'GTX 1660 Ti')).toMatchObject({ coreBits: 32, computeBits: 32 });
    expect(row(tool, 'RTX 2060')).toMatchObject({ coreBits: 16, computeBits: 16 });
  });

  it('stores fp16 and computes fp32 where fp32 has no room, and where the row says so', () => {
    expect(row('ComfyUI', 'GTX 1650', { gpu_vram_gb: 4 })).toMatchObject({ coreBits: 16, computeBits: 32, encodersAway: true });
    expect(row('Forge', 'GTX 1060')).toMatchObject({ coreBits: 16, computeBits: 32 });
    expect(row('ComfyUI', 'GTX 1660 Ti', { precision: 'fp16' })).toMatchObject({ coreBits: 16, computeBits: 16 });
    expect(row('A1111', 'GTX 1660 Ti')).toMatchObject({ coreBits: 16, computeBits: 16 });
  });

  it('needs more there than on another card of the same size', () => {
    const need = (gpu: string) =>
      predictRow({ kind: 'inference', model_family: 'sdxl', tool: 'SD.Next', gpu, gpu_vram_gb: 6 }).need;
    expect(need('GTX 1660 Ti')).toBeGreaterThan(need('RTX 2060') + GIB);
  });
});
