import { describe, expect, it } from 'vitest';
import { readFailure } from '../../src/commands/read-failure';
import { ReadError } from '../../src/platform/platform';

describe('why a file could not be read', () => {
  it.each(['missing', 'permission', 'not-a-file', 'too-large', 'being-written', 'io'] as const)(
    '%s, in words of both languages',
    (code) => {
      const error = new ReadError(code, '/a/b\u001b[31m.log');
      expect(readFailure(error, 'en')).toMatch(/^cannot read \/a\/b.*\.log: \w/);
      const zh = readFailure(error, 'zh-CN');
      expect(zh).toMatch(/^无法读取 .*：[\u4e00-\u9fff]/);
      expect(zh).not.toContain(code);
      expect(zh).not.toContain('\u001b');
    },
  );
});
