import { expect, it } from 'vitest';
import { baseName } from '../../src/formats/file-name';

it('takes the last part of a path of any system', () => {
  expect(baseName('/m/Lora/a.safetensors')).toBe('a.safetensors');
  expect(baseName('D:\\m\\Lora\\a b.safetensors')).toBe('a b.safetensors');
  expect(baseName('/m\\x/y\\z')).toBe('z');
  expect(baseName('plain')).toBe('plain');
  expect(baseName('/m/')).toBe('');
});
