import type { ByteSource } from '../bytes';
import { ascii } from '../container-magic';
import { looksLikePickle } from './detect';
import type { Findings } from './findings';
import { scanStream } from './streams';

const BLOCK = 512;
const MAX_MEMBERS = 10_000;

/** torch 0.1's tar (members sys_info, pickle, storages, tensors). Its loader ignores `weights_only` before torch 2.6, so it is always a finding. */
export function scanTar(source: ByteSource, findings: Findings): void {
  findings.problem('legacy-tar');
  let at = 0;
  for (let members = 0; at + BLOCK <= source.size; members++) {
    const header = source.read(at, BLOCK);
    if (header.every((byte) => byte === 0)) return;
    const size = Number.parseInt(ascii(header, 124, 136).replace(/[\0 ]+$/, '') || '0', 8);
    if (
      ascii(header, 257, 262) !== 'ustar' ||
      !Number.isSafeInteger(size) ||
      at + BLOCK + size > source.size ||
      members >= MAX_MEMBERS
    ) {
      findings.problem('tar-broken');
      return;
    }
    const from = at + BLOCK;
    if (looksLikePickle(source.read(from, Math.min(size, 4096))))
      scanStream(source, findings, ascii(header, 0, 100).replace(/\0.*$/, ''), from, from + size);
    at = from + Math.ceil(size / BLOCK) * BLOCK;
  }
}
