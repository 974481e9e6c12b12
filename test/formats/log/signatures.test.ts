import { describe, expect, it } from 'vitest';
import { createLogReader } from '../../../src/formats/log/reader';
import { signatureFiles, signatures } from './load-signatures';

/** Runs one line through the whole reader, as it would stand in a log of a program that can print it. */
function hitsOf(line: string, id: string): Record<string, string>[] {
  const found: Record<string, string>[] = [];
  const reader = createLogReader({
    signatures,
    onHit: (hit) => {
      if (hit.signature === id) found.push(hit.captures);
    },
  });
  reader.feed(new TextEncoder().encode(`${line}\n`));
  reader.end();
  return found;
}

const all = signatureFiles.flatMap((file) => file.signatures);

describe.each(all.map((signature) => [signature.id, signature] as const))('signature %s', (id, signature) => {
  it('matches its samples, with captures', () => {
    for (const sample of signature.samples.match) {
      const hits = hitsOf(sample.line, id);
      expect(hits, sample.line).toHaveLength(1);
      expect(hits[0], sample.line).toMatchObject(sample.captures ?? {});
    }
  });

  it('leaves its near misses alone', () => {
    for (const line of signature.samples.miss) expect(hitsOf(line, id), line).toEqual([]);
  });

  it('has an anchor in every sample', () => {
    const anchors = signature.anchors ?? [signature.anchor ?? ''];
    for (const { line } of signature.samples.match)
      expect(
        anchors.some((anchor) => line.includes(anchor)),
        line,
      ).toBe(true);
  });
});
