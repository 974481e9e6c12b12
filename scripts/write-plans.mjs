// Writes what the commands in docs/plans*.md print below them: `npm run plans`; `--check` only compares and ends with 1.
// A block is a fence of kind `console` whose first line is `$ lora-doctor …`. Needs a build.
import { execFileSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';

const check = process.argv.includes('--check');
let wrong = 0;
for (const file of ['docs/plans.md', 'docs/plans.zh-CN.md']) {
  const before = readFileSync(file, 'utf8');
  const after = before.replace(/```console\n\$ lora-doctor ([^\n]+)\n[\s\S]*?```/g, (_, call) => {
    const words = [...call.matchAll(/"([^"]*)"|(\S+)/g)].map((match) => match[1] ?? match[2]);
    const text = execFileSync(process.execPath, ['dist/cli.js', ...words], { encoding: 'utf8' });
    return `\`\`\`console\n$ lora-doctor ${call}\n${text}\`\`\``;
  });
  if (after === before) continue;
  if (check) console.error(`${file} does not say what the commands print: npm run plans`);
  else writeFileSync(file, after);
  wrong++;
}
if (check && wrong > 0) process.exit(1);
