import { expect, it } from 'vitest';
import { unreachable } from '../../src/weights/innocent';

const layer = (prefix: string, number: number): string[] =>
  ['self_attn_k_proj', 'mlp_fc1'].map((part) => `${prefix}_text_model_encoder_layers_${number}_${part}`);
const layers = (prefix: string, ...numbers: number[]): string[] => numbers.flatMap((number) => layer(prefix, number));

it('last layers that training does not reach, and nothing else', () => {
  const count = (all: string[], dead: string[]): number => unreachable(['lora_unet_a', ...all], new Set(dead));
  const whole = (prefix: string): string[] => layers(prefix, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11);
  expect(count(whole('lora_te'), layer('lora_te', 11))).toBe(2);
  expect(count(whole('lora_te1'), layers('lora_te1', 10, 11))).toBe(4);
  // Half of a layer, one in the middle, the whole encoder, and the second encoder of SDXL have another reason.
  expect(count(whole('lora_te'), layer('lora_te', 11).slice(1))).toBe(0);
  expect(count(whole('lora_te'), layer('lora_te', 5))).toBe(0);
  expect(count(whole('lora_te'), whole('lora_te'))).toBe(0);
  expect(count(whole('lora_te2'), layer('lora_te2', 11))).toBe(0);
  expect(count(whole('lora_te'), ['lora_unet_a'])).toBe(0);
  const peft = [10, 11].map((number) => `text_encoder.text_model.encoder.layers.${number}.self_attn.k_proj`);
  expect(count(peft, peft.slice(1))).toBe(1);
});
