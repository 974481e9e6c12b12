import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { truncateSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { put, ROOT, runCli, temporaryFolder } from './helpers';

const CLI = path.join(ROOT, 'dist', 'cli.js');
const FAILURE = "Couldn't find network with name add_more\n";

/** Interrupts a program that has run for a while; gives its exit status. */
async function interrupted(child: ChildProcess): Promise<number> {
  setTimeout(() => child.kill('SIGINT'), 1500);
  const [status] = await once(child, 'close');
  return status;
}

describe('log', () => {
  test('LG-01 one answer for a log that a thread reads and for the same one in a pipe', async () => {
    const quiet = 'one more line in which nothing of note happens, 42 of 99\n'.repeat(100_000);
    const text = `Launching Web UI with arguments: --medvram\n${Array.from({ length: 7 }, () => quiet + FAILURE).join('')}`;
    const file = put(temporaryFolder(), 'large.log', text);
    const facts = async (args: readonly string[], stdin?: string) => {
      const { stdout, stderr, status } = await runCli(['log', ...args, '--json'], stdin === undefined ? {} : { stdin });
      expect([status, stderr]).toEqual([1, '']);
      const report = JSON.parse(stdout.replaceAll(file, '-').replaceAll('large.log', '-'));
      return { causes: report.findings.map(({ cause }: { cause: string }) => cause), subjects: report.facts.subjects };
    };
    const away = await facts([file]);
    expect(away.causes).toContain('lora-not-found');
    expect(away).toEqual(await facts(['-'], text));
  });

  test('LG-01 a log of 40 GB stops on Ctrl-C', async () => {
    await runCli(['--version']);
    const file = put(temporaryFolder(), 'huge.log', FAILURE);
    // A hole: it takes no room, and long to read.
    truncateSync(file, 40e9);
    expect(await interrupted(spawn(process.execPath, [CLI, 'log', file], { stdio: 'ignore' }))).toBe(130);
  });

  test('LG-24 so does one that comes from a pipe without an end', async () => {
    await runCli(['--version']);
    const child = spawn(process.execPath, [CLI, 'log', '-'], { stdio: ['pipe', 'ignore', 'ignore'] });
    child.stdin.write(FAILURE);
    expect(await interrupted(child)).toBe(130);
  });

  test.runIf(process.platform !== 'win32')(
    'LG-24 a named pipe is not waited for, and the way to send it in is named',
    async () => {
      const folder = temporaryFolder();
      const pipe = path.join(folder, 'pipe');
      execFileSync('mkfifo', [pipe]);
      const { status, stderr } = await runCli(['log', pipe]);
      expect(status).toBe(3);
      expect(stderr).toContain('| lora-doctor log -');
      writeFileSync(path.join(folder, 'plain.log'), FAILURE);
      const piped = spawn('sh', ['-c', `cat plain.log > pipe & "${process.execPath}" "${CLI}" log - < pipe`], {
        cwd: folder,
        stdio: ['ignore', 'pipe', 'ignore'],
      });
      const parts: Buffer[] = [];
      piped.stdout.on('data', (part: Buffer) => parts.push(part));
      await once(piped, 'close');
      expect(Buffer.concat(parts).toString()).toContain('add_more');
    },
  );
});
