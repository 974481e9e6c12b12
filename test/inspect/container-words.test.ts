import { describe, expect, it } from 'vitest';
import { bytesOf } from '../../src/formats/bytes';
import { readContainer } from '../../src/formats/container';
import { containerFaultZh } from '../../src/inspect/container-words';

const HAN = /\p{Script=Han}/u;

describe('why a container is not read, in Chinese', () => {
  it.each([
    ['', 'empty'],
    ['\0'.repeat(64), 'zeros'],
    ['<!doctype html><title>Log in</title>', 'html'],
    ['{"error": "not found"}', 'json'],
    [`version https://git-lfs.github.com/spec/v1\noid sha256:${'0'.repeat(64)}\nsize 5\n`, 'lfs-pointer'],
    ['just words', 'text'],
    ['GIF89a......', 'picture'],
    ['PK\u0003\u0004 cut', 'zip-end-missing'],
    [`MZ${'\0'.repeat(0x3a)}\u0040\0\0\0PE\0\0`, 'foreign-program'],
    ['\u0003\0\0\0\0\0\0\0{"}', 'invalid-header-json'],
  ])('%j: %s', (text, code) => {
    const { error } = readContainer(bytesOf(new TextEncoder().encode(text)));
    expect(error?.code).toBe(code);
    expect(error && containerFaultZh(error)).toMatch(HAN);
  });

  it('keeps a message that it has no words for', () => {
    expect(containerFaultZh({ code: 'new-code', message: 'odd', offset: 0, have: null, need: null })).toBe('odd');
  });
});
