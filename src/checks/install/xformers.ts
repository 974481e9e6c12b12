import { pinned } from '../../formats/python-env';

/** The PyTorch that each xFormers release was built for, where its metadata does not say (webui-a1111-family.md §1.4). */
const BUILT_FOR: { readonly [version: string]: string } = {
  '0.0.16': '1.13.1',
  '0.0.17': '2.0.0',
  '0.0.18': '2.0.0',
  '0.0.19': '2.0.0',
  '0.0.20': '2.0.1',
  '0.0.21': '2.0.1',
  '0.0.22': '2.0.1',
  '0.0.22.post7': '2.1.0',
  '0.0.23': '2.1.1',
  '0.0.23.post1': '2.1.2',
  '0.0.24': '2.2.0',
  '0.0.25': '2.2.1',
  '0.0.25.post1': '2.2.2',
  '0.0.26.post1': '2.3.0',
  '0.0.27': '2.3.1',
  '0.0.27.post1': '2.4.0',
  '0.0.27.post2': '2.4.0',
  '0.0.28': '2.4.1',
  '0.0.28.post1': '2.4.1',
  '0.0.28.post2': '2.5.0',
  '0.0.28.post3': '2.5.1',
  '0.0.29': '2.5.1',
  '0.0.29.post1': '2.5.1',
  '0.0.29.post2': '2.6.0',
  '0.0.29.post3': '2.6.0',
  '0.0.30': '2.7.0',
  '0.0.31': '2.7.1',
  '0.0.31.post1': '2.7.1',
  '0.0.32.post1': '2.8.0',
  '0.0.32.post2': '2.8.0',
  '0.0.33': '2.9.0',
  '0.0.33.post1': '2.9.0',
  '0.0.33.post2': '2.9.1',
};

/** From the pinned requirement in METADATA, else from the table; null when neither tells (nightly and own builds). */
export function builtFor(version: string, requires: readonly string[]): string | null {
  const plain = version.replace(/\+.*$/, '');
  return pinned(requires, 'torch') ?? BUILT_FOR[plain.replace(/\.dev\d+$/, '')] ?? null;
}

/** `2.1.2+cu121` and `2.1.2` are the same release. */
export function sameRelease(a: string, b: string): boolean {
  return release(a) === release(b);
}

function release(version: string): string {
  const parts = /^(\d+)\.(\d+)(?:\.(\d+))?/.exec(version);
  return parts ? `${parts[1]}.${parts[2]}.${parts[3] ?? '0'}` : version;
}

/** torchvision 0.(15+n) belongs to torch 2.n, 0.14 to 1.13 …; null when a version is unreadable or older. */
export function torchvisionFits(torch: string, torchvision: string): boolean | null {
  const a = /^(\d+)\.(\d+)/.exec(torch);
  const b = /^0\.(\d+)/.exec(torchvision);
  if (!a || !b) return null;
  const expected = a[1] === '2' ? Number(a[2]) + 15 : a[1] === '1' ? Number(a[2]) + 1 : null;
  if (expected === null) return null;
  const tags = [torch, torchvision].map((version) => /\+(\w+)/.exec(version)?.[1]);
  const sameBuild = tags[0] === undefined || tags[1] === undefined || tags[0] === tags[1];
  return Number(b[1]) === expected && sameBuild;
}
