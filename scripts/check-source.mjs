// Checks that no linter does: purity of the core, size of files, left-over marks, paths of a machine. `node scripts/check-source.mjs`.
import { execFileSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { impurities, levelOf } from './purity.mjs';

const ROOT = path.dirname(path.dirname(fileURLToPath(import.meta.url)));
const MAX_LINES = 400;
const MARKS = [
  [/\b(?:TODO|FIXME|XXX)\b/, 'left-over mark'],
  [/\b(?:describe|it|test)\.(?:only|skip|todo)\(/, 'test that does not run'],
  [/@ts-(?:ignore|nocheck)/, 'switched-off type check'],
];
// Put together here so that this file does not find itself.
const MACHINE_PATH = new RegExp(`(^|[^.\\w~])/(?:${['work', 'root'].join('|')})/`);

function sourceFiles() {
  const tops = ['src', 'test', 'scripts', 'bench'].filter((top) => existsSync(path.join(ROOT, top)));
  return tops.flatMap((top) =>
    readdirSync(path.join(ROOT, top), { recursive: true })
      .map((file) => `${top}/${file.split(path.sep).join('/')}`)
      .filter((file) => /\.(?:tsx?|mjs)$/.test(file) && !file.startsWith('test/fixtures/')),
  );
}

function checkFile(file) {
  const text = readFileSync(path.join(ROOT, file), 'utf8');
  const lines = text.split('\n');
  const problems = [];
  if (file.startsWith('src/') && lines.length > MAX_LINES + 1) {
    problems.push(`${file}: ${lines.length - 1} lines; ${MAX_LINES} is the limit: one subject a file`);
  }
  if (file !== 'scripts/check-source.mjs') {
    for (const [index, line] of lines.entries()) {
      for (const [pattern, what] of MARKS) if (pattern.test(line)) problems.push(`${file}:${index + 1}: ${what}`);
    }
  }
  const level = levelOf(file);
  if (level) problems.push(...impurities(file, text, level));
  return problems;
}

/** Tracked text files that name a folder of the machine they were written on. */
function machinePaths() {
  if (!existsSync(path.join(ROOT, '.git'))) return [];
  const tracked = execFileSync('git', ['ls-files', '-z'], { cwd: ROOT, encoding: 'utf8' }).split('\0').filter(Boolean);
  return tracked.flatMap((file) => {
    const full = path.join(ROOT, file);
    if (!existsSync(full)) return [];
    const text = readFileSync(full, 'latin1');
    const at = text.split('\n').findIndex((line) => MACHINE_PATH.test(line));
    return at < 0 || text.includes('\0') ? [] : [`${file}:${at + 1}: a path of one machine`];
  });
}

const problems = [...sourceFiles().flatMap(checkFile), ...machinePaths()];
for (const problem of problems) console.error(problem);
console.error(problems.length ? `${problems.length} problems` : 'source: pure where it must be, sizes and marks in order');
process.exitCode = problems.length ? 1 : 0;
