import { describe, expect, it } from 'vitest';
import { bytesOf } from '../../src/formats/bytes';
import { type Container, readContainer } from '../../src/formats/container';
import { bytes, calling, torchZip, zip } from './pickle-samples';
import { entry, file } from './safetensors-samples';

const look = (data: Uint8Array): Container => readContainer(bytesOf(data));
const kindOf = (data: Uint8Array): string => look(data).kind;
const text = (value: string): Uint8Array => new TextEncoder().encode(value);
const good = file(`{${entry('a', 'F32', '[64]', '[0,256]')}}`, 256).fill(1, 80);
const PICKLE = calling('collections', 'OrderedDict');

describe('kinds of files by content', () => {
  it('ST-01, ST-71 safetensors, whatever its first bytes look like', () => {
    expect(look(good)).toMatchObject({ kind: 'safetensors', ok: true, error: null });
    for (const length of [0x2078, 0x0280, 0x8b1f, 0x4b50])
      expect(look(file('{}'.padEnd(length)))).toMatchObject({ kind: 'safetensors', ok: true });
  });

  it('ST-02, ST-70 nothing, and zeros only', () => {
    expect(look(new Uint8Array(0))).toMatchObject({ kind: 'empty', ok: false, error: { code: 'empty', have: 0 } });
    expect(look(new Uint8Array(200_000))).toMatchObject({
      kind: 'truncated-file',
      ok: false,
      error: { code: 'zeros', need: 200_000 },
    });
    const late = new Uint8Array(200_000);
    late[199_999] = 1;
    expect(kindOf(late)).not.toBe('truncated-file');
  });

  it('ST-18, ST-31 cut safetensors say how much is missing', () => {
    expect(look(good.subarray(0, good.length - 56))).toMatchObject({
      kind: 'truncated-safetensors',
      ok: false,
      error: { code: 'metadata-incomplete-buffer', have: good.length - 56, need: good.length },
    });
    expect(look(good.subarray(0, 40))).toMatchObject({
      kind: 'truncated-safetensors',
      error: { code: 'invalid-header-length', have: 40 },
    });
  });

  it('ST-25, ST-28, ST-30 broken safetensors stay safetensors', () => {
    const codeOf = (data: Uint8Array): string => `${look(data).kind} ${look(data).error?.code}`;
    expect(codeOf(file(`\ufeff{${entry('a')}}`, 8))).toBe('safetensors invalid-header-json');
    expect(codeOf(file(`{${entry('a')}}\0\0`, 8))).toBe('safetensors invalid-header-json');
    expect(codeOf(bytes(good, 'PK'))).toBe('safetensors metadata-incomplete-buffer');
  });

  it('ST-67 a git-lfs pointer', () => {
    const pointer = `version https://git-lfs.github.com/spec/v1\noid sha256:${'a'.repeat(64)}\nsize 151107136\n`;
    expect(look(text(pointer))).toMatchObject({
      kind: 'lfs-pointer',
      ok: false,
      error: { code: 'lfs-pointer', have: pointer.length, need: 151_107_136 },
    });
  });

  it('ST-68 web pages, JSON answers and other text', () => {
    expect(look(text('<!DOCTYPE html><html><head><title>Sign in</title>'))).toMatchObject({
      kind: 'html',
      error: { message: expect.stringContaining('Sign in') },
    });
    expect(kindOf(text('\n <html lang="en"><body>x'))).toBe('html');
    expect(kindOf(text('{"error":"Unauthorized"}'))).toBe('json');
    expect(kindOf(text('[]'))).toBe('json');
    for (const plain of ['Access denied', 'The model was removed.', '模型已删除', 'cat\nhello\nworld', 'Not found.'])
      expect([plain, kindOf(text(plain))]).toEqual([plain, 'text']);
  });

  it('ST-69 other files that were renamed', () => {
    expect(kindOf(bytes('GGUF', 3, new Uint8Array(60)))).toBe('gguf');
    expect(kindOf(bytes([0x89], 'PNG\r\n', 0x1a, '\n', new Uint8Array(60)))).toBe('png');
    expect(kindOf(bytes([0xff, 0xd8, 0xff, 0xe0], new Uint8Array(60)))).toBe('jpeg');
    expect(kindOf(bytes('RIFF', 1, 0, 0, 0, 'WEBPVP8 '))).toBe('webp');
    expect(look(bytes([0x1f, 0x8b, 8, 0], new Uint8Array(60)))).toMatchObject({
      kind: 'unknown',
      error: { code: 'foreign-gzip' },
    });
    expect(kindOf(bytes([0x13, 0x88, 0xfe, 0x01, 0xd3, 0x77, 0x90, 0xaa, 0xee]))).toBe('unknown');
  });

  it('PK-60 pickles in all their wrappings', () => {
    expect(look(torchZip(PICKLE))).toMatchObject({ kind: 'pickle-zip', ok: true });
    expect(look(torchZip(bytes(PICKLE, new Uint8Array(100))).subarray(0, 150))).toMatchObject({
      kind: 'truncated-pickle-zip',
      ok: false,
    });
    expect(look(zip([{ name: 'a.safetensors', data: good }]))).toMatchObject({ kind: 'zip', ok: false });
    expect(look(PICKLE)).toMatchObject({ kind: 'pickle', ok: true });
    expect(kindOf(text("(dp0\nS'a'\np1\nI1\ns."))).toBe('pickle');
  });
});
