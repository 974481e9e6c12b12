import { describe, expect, it } from 'vitest';
import { readCommands } from '../../../src/formats/training/command';
import { correctScript } from '../../../src/formats/training/correct';
import { readScript } from '../../../src/formats/training/lex';

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
    expect(correctScript('python train_network.py --sdpa \\\r\n', 'bash')?.text).toBe('python train_network.py --sdpa \\\n');
  });

  it('changes nothing of a sound command, and is null without one', () => {
    const text = 'python train_network.py --sdpa\n';
    expect(correctScript(text, 'bash')).toEqual({ text, changes: [] });
    expect(correctScript('ls', 'bash')).toBeNull();
  });
});
