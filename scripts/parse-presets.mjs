// Development only: holds every training that `preset` prints against the trainers' own argument parsers (docs/plans.md):
// `node scripts/parse-presets.mjs SD_SCRIPTS MUSUBI_TUNER`, two clones. Needs a build and Python 3; nothing else of a trainer runs.
import { execFileSync, spawnSync } from 'node:child_process';

const [sdScripts, musubi] = process.argv.slice(2);
if (musubi === undefined) throw new Error('usage: parse-presets SD_SCRIPTS MUSUBI_TUNER');
const cli = (...words) => execFileSync(process.execPath, ['dist/cli.js', 'preset', 'train', ...words], { encoding: 'utf8' });
let read = 0;
let refused = 0;
for (const gpu of ['GTX 1060', 'GTX 1660', 'RTX 2060', 'RTX 3060', 'RTX 4060', 'RTX 5060'])
  for (const vram of [6, 8, 10, 12, 16, 24])
    for (const family of ['sd15', 'sdxl', 'flux', 'qwen-image', 'hunyuan-image-2.1']) {
      const asked = ['--gpu', gpu, '--vram', String(vram), '--family', family];
      const [preset] = JSON.parse(cli(...asked, '--json')).presets;
      if (preset === undefined) continue;
      // Values have no blanks: one argument a word.
      const input = cli(...asked, '--format', 'args')
        .trim()
        .split(' ')
        .join('\n');
      const folder = preset.trainer === 'musubi-tuner' ? musubi : sdScripts;
      const parse = ['scripts/freeze-parsers.py', '--parse', folder, preset.script];
      const { status, stderr } = spawnSync('python3', parse, { input: `${input}\n`, encoding: 'utf8' });
      read++;
      if (status === 0) continue;
      refused++;
      console.error(`${preset.id} on ${gpu}: ${stderr.trim().split('\n').at(-1)}`);
    }
console.log(`${read} commands, ${refused} refused`);
process.exit(refused > 0 ? 1 : 0);
