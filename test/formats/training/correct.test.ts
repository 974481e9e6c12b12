import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readCommands } from '../../../src/formats/training/command';
import { correctScript } from '../../../src/formats/training/correct';
import { correctToml } from '../../../src/formats/training/correct-toml';
import { readScript } from '../../../src/formats/training/lex';
import { lineDiff } from '../../../src/formats/training/line-diff';
import { quoteFor } from '../../../src/formats/training/print-command';

describe('correctScript', () => {
  it('puts right what has one sure cure, line by line, and leaves the rest', () => {
    const text = [
      'accelerate launch train_network.py \\',
      '  --network_dim=32 \\   # rank',
      '  --train_data_dir="~/img" \\ ',
      "  --output_dir='~/out' \\",
      '  --learing_rate=1e-4 \u2013seed=42 \\',
      '  --output_name=\u201ccat\u201d',
      '',
    ].join('\n');
    const corrected = correctScript(text, 'bash');
    expect(corrected?.text.split('\n')).toEqual([
      'accelerate launch train_network.py \\',
      '  --network_dim=32 \\',
      '  --train_data_dir="$HOME/img" \\',
      '  --output_dir="$HOME/out" \\',
      '  --learning_rate=1e-4 --seed=42 \\',
      '  --output_name="cat"',
      '',
    ]);
    expect(corrected?.changes.map((change) => change.line)).toEqual([2, 3, 3, 4, 5, 5, 6]);
    expect(readCommands(readScript(corrected?.text ?? '', 'bash'))[0]?.problems).toEqual([]);
  });

  it('writes as the shell reads', () => {
    expect(correctScript('python train_network.py --output_dir="~\\\\out" ^ \r\n --sdpa\r\n', 'cmd')?.text).toBe(
      'python train_network.py --output_dir="%USERPROFILE%\\\\out" ^\n --sdpa\r\n',
    );
    expect(correctScript('python train_network.py --sdpa \\\r\n', 'bash')?.text).toBe('python train_network.py --sdpa\n');
  });

  it('changes nothing of a sound command, and is null without one', () => {
    const text = 'python train_network.py --sdpa\n';
    expect(correctScript(text, 'bash')).toMatchObject({ text, changes: [] });
    expect(correctScript('ls', 'bash')).toBeNull();
  });

  it('adds the sign that continues where lines lost it, and takes prompts off', () => {
    expect(correctScript('$ python train_network.py --sdpa\n  --seed=1\n  --network_dim=4\n', 'bash')?.text).toBe(
      'python train_network.py --sdpa \\\n  --seed=1 \\\n  --network_dim=4\n',
    );
  });

  it('puts options right that stop the run, and keeps advice apart', () => {
    const text = 'python train_network.py --optimizer_type=AdaFactor \\\n  --lr_warmup_steps=100 \\\n  --xformers --seed=1\n';
    const corrected = correctScript(text, 'bash');
    expect(corrected?.text).toBe(text.replace('=100', '=0'));
    expect(corrected?.advised).toContain('--sdpa');
    expect(corrected?.advised).not.toContain('--xformers');
    const again = correctScript(corrected?.advised ?? '', 'bash');
    expect(again).toMatchObject({ text: corrected?.advised, changes: [], advice: [] });
  });

  it('does the same to TOML', () => {
    const corrected = correctToml('output_dir = "D:\\models\\x"\noptimizer_type = "AdaFactor"\nlr_warmup_steps = 100\n');
    expect(corrected?.text).toBe(
      ["output_dir = 'D:\\models\\x'", 'optimizer_type = "AdaFactor"', 'lr_warmup_steps = 0', ''].join('\n'),
    );
    expect(correctToml('name = "x"\n')).toBeNull();
  });
});

describe('quoteFor', () => {
  it.each(['bash', 'cmd', 'powershell'] as const)('is read back by the reader of %s', (shell) => {
    const letter = fc.constantFrom('a', 'é', ' ', '-', '/', '=', '#', ';', '&', '(', "'", '中');
    fc.assert(
      fc.property(fc.array(letter, { minLength: 1, maxLength: 20 }), (letters) => {
        const word = `x${letters.join('')}`;
        const [command] = readScript(`run ${quoteFor(shell, word)}\n`, shell).commands;
        expect(command?.words.map((each) => each.text)).toEqual(['run', word]);
      }),
    );
  });
});

describe('lineDiff', () => {
  it('compares only what stands between the common beginning and end, however long they are', () => {
    const lines = Array.from({ length: 9000 }, (_, i) => `line ${i}`);
    const diff = lineDiff(lines.join('\n'), lines.with(8000, 'changed').join('\n'), 'x', 'y');
    expect(diff.split('\n').slice(2, 3)).toEqual(['@@ -7998,7 +7998,7 @@']);
    expect(diff.match(/^[-+](?![-+]).*/gm)).toEqual(['-line 8000', '+changed']);
  });

  it('is empty for equal texts, and gives the second back when it is laid on the first', () => {
    expect(lineDiff('a\n', 'a\n', 'x', 'y')).toBe('');
    const lines = fc.array(fc.constantFrom('a', 'b', 'c', 'd'), { minLength: 1, maxLength: 30 });
    fc.assert(
      fc.property(lines, lines, (a, b) => {
        const diff = lineDiff(a.join('\n'), b.join('\n'), 'x', 'y').split('\n').slice(2, -1);
        const out: string[] = [];
        let at = 0;
        for (const each of diff) {
          const hunk = /^@@ -(\d+),/.exec(each);
          if (hunk) while (at < Number(hunk[1]) - 1) out.push(a[at++] ?? '');
          else if (each.startsWith('+')) out.push(each.slice(1));
          else if (each.startsWith('-')) expect(a[at++]).toBe(each.slice(1));
          else out.push(a[at++] ?? '');
        }
        expect([...out, ...a.slice(at)]).toEqual(b);
      }),
    );
  });
});
