// What `npm start` and `npm test` do first: check Node, install, build. No dependencies, and plain syntax without `node:` prefixes
// and newer operators, so that an old Node gets as far as the remedy. Everything it says goes to stderr, in two languages.
import { spawnSync } from 'child_process';
import { existsSync, statSync, utimesSync } from 'fs';
import path from 'path';
import { fileURLToPath } from 'url';

export const ROOT = path.dirname(path.dirname(fileURLToPath(import.meta.url)));
const NEEDED = [20, 19];

/** One short line in English and Chinese on stderr. */
export function say(en, zh) {
  process.stderr.write(`lora-doctor: ${en}\n             ${zh}\n`);
}

/** True when `version` (`v20.19.0`) is new enough. */
export function nodeIsFit(version) {
  const parts = version.replace(/^v/, '').split('.').map(Number);
  return parts[0] > NEEDED[0] || (parts[0] === NEEDED[0] && parts[1] >= NEEDED[1]);
}

function checkNode() {
  if (nodeIsFit(process.version)) return;
  const needed = NEEDED.join('.');
  say(
    `Node ${needed} or newer is needed; this is ${process.version}. Get it from https://nodejs.org/ (LTS) or run: nvm install --lts`,
    `需要 Node ${needed} 或更新版本，当前为 ${process.version}。请从 https://nodejs.org/ 安装 LTS 版，或运行：nvm install --lts`,
  );
  process.exit(3);
}

function modified(file) {
  try {
    return statSync(file).mtimeMs;
  } catch (_error) {
    return 0;
  }
}

/** npm's message without the stack and the fields of its own error object. */
function withoutStack(text) {
  return text
    .split('\n')
    .filter((line) => !/^npm error(\s*$|\s{2,}|\s\})/.test(line))
    .join('\n');
}

function install() {
  const lock = path.join(ROOT, 'package-lock.json');
  const done = path.join(ROOT, 'node_modules', '.package-lock.json');
  if (modified(done) >= modified(lock)) return;
  say(
    'installing what it is built with (npm ci); once, about a minute …',
    '正在安装构建所需的依赖（npm ci），仅需一次，约一分钟……',
  );
  // npm passes its own path on; without it (`node scripts/start.mjs`) the shell finds npm.
  const own = process.env.npm_execpath;
  const args = ['ci', '--loglevel=error', '--include=dev', '--no-audit', '--no-fund'];
  const options = { cwd: ROOT, stdio: ['ignore', 'ignore', 'pipe'], encoding: 'utf8' };
  const result =
    own && existsSync(own)
      ? spawnSync(process.execPath, [own].concat(args), options)
      : spawnSync('npm', args, Object.assign({ shell: process.platform === 'win32' }, options));
  if (result.status === 0 && existsSync(done)) {
    const now = new Date();
    utimesSync(done, now, now);
    return;
  }
  if (result.signal || result.status === 130) process.exit(130);
  process.stderr.write(withoutStack(result.stderr || String(result.error || '')));
  say(
    'npm ci did not succeed (its message stands above). Remedy: check the network or the proxy (npm config set proxy URL), or use another registry (npm config set registry URL), then run this again.',
    'npm ci 未成功（原因见上文）。解决办法：检查网络或代理（npm config set proxy 地址），或换用其他镜像源（npm config set registry 地址），然后重试。',
  );
  process.exit(3);
}

async function build() {
  const { buildIsFresh, build: run } = await import('./build.mjs');
  if (buildIsFresh()) return;
  say('building …', '正在构建……');
  try {
    await run();
  } catch (error) {
    process.stderr.write(`${error && error.message ? error.message : error}\n`);
    say(
      'the build failed (its message stands above). Remedy: undo your changes (git stash), or delete node_modules and run this again.',
      '构建失败（原因见上文）。解决办法：撤销本地修改（git stash），或删除 node_modules 后重试。',
    );
    process.exit(3);
  }
}

/** Node, dependencies, dist: brings each up to date, or ends the process with a remedy (status 3). */
export async function prepare() {
  checkNode();
  install();
  await build();
}
