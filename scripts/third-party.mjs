import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';

/** Folder of the package that a bundled file belongs to (`node_modules/@scope/name`), or null for our own files. */
function packageFolder(input) {
  const match = /^(.*node_modules\/(?:@[^/]+\/)?[^/]+)\//.exec(input);
  return match ? match[1] : null;
}

/** The notices of all packages of which code stands in the bundle, in the order of their names. */
export function thirdParty(root, metafile) {
  const folders = new Set(Object.keys(metafile.inputs).map(packageFolder).filter(Boolean));
  const notices = [...folders].map((folder) => notice(path.join(root, folder)));
  notices.sort((a, b) => (a.title < b.title ? -1 : 1));
  const head = 'lora-doctor contains code of the following packages.\n';
  return [head, ...notices.map(({ title, text }) => `${'='.repeat(80)}\n${title}\n\n${text.trim()}\n`)].join('\n');
}

function notice(folder) {
  const { name, version, license, author } = JSON.parse(readFileSync(path.join(folder, 'package.json'), 'utf8'));
  const file = readdirSync(folder).find((entry) => /^licen[cs]e/i.test(entry));
  const who = typeof author === 'string' ? author : author?.name;
  const text = file ? readFileSync(path.join(folder, file), 'utf8') : `License: ${license}${who ? `\nCopyright (c) ${who}` : ''}`;
  return { title: `${name} ${version} (${license})`, text };
}
