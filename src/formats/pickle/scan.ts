import type { ByteSource } from '../bytes';
import { magicKind } from '../container-magic';
import { looksLikePickle } from './detect';
import { Findings, type PickleScan } from './findings';
import { scanStream } from './streams';
import { scanTar } from './tar';
import { type InflateRaw, scanZip } from './zip';

/**
 * Lists what loading a pickle file (.pt .pth .bin .ckpt) would import and call, without executing or building anything.
 * By content: torch zip, torch legacy (stacked pickles), torch tar, or plain pickles. A file in which something could
 * not be followed is `unscannable`, never `safe`; dangerous names found before that keep it `dangerous`.
 * Facts: lora-files.md §1.2, reliability.md §1.2 and §3.3.
 *
 * @param inflateRaw for compressed zip members (torch stores them plain); without it they are `unscannable`.
 */
export function scanPickle(source: ByteSource, inflateRaw?: InflateRaw): PickleScan {
  const findings = new Findings();
  const head = source.read(0, 4096);
  const kind = magicKind(head);
  if (kind === 'tar') scanTar(source, findings);
  else if (kind !== null && !looksLikePickle(head)) findings.problem('foreign', kind);
  else if (!scanZip(source, findings, inflateRaw, 0)) {
    if (source.size > 0 && !looksLikePickle(head)) findings.problem('not-a-pickle');
    scanStream(source, findings);
  }
  return findings.result();
}
