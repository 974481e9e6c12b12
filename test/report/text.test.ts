import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { report as reportSchema } from '../../src/report/schema';
import { renderText, type TextOptions } from '../../src/report/text';
import { textWidth } from '../../src/report/width';
import { chineseFinding, sampleFinding, sampleReport } from './sample';

const plain: TextOptions = { language: 'en', width: 100, color: false, ascii: false };

describe('renderText', () => {
  it('writes each part of a finding in order', () => {
    const sample = sampleReport([sampleFinding()]);
    expect(reportSchema.safeParse(sample).success).toBe(true);
    expect(renderText(sample, plain)).toBe(`install  a1111 v1.10.1  /ui

error  confirmed  lora-not-found  The prompt asks for a LoRA that is not there
  what          CatGirl (params.txt)
  evidence      for No LoRA is called CatGirl [params.txt:1]
                  | <lora:CatGirl:0.8>
                against The picture names a hash [a.png at byte 41]
  why           The name in a tag must be that of the file, letter by letter. Capitals count on
                every system.
  do            A. Write the name as the file has it
                1. Open the prompt.
                2. Write <lora:catgirl:0.8>.
                B. Put the file in the LoRA folder
                1. Move it.
  not known     Version of the program: could not be read
  sources       https://example.org/lora
  more          lora-doctor explain lora/not-found

Problems found.
1 error, 0 warnings, 0 notes; 0 rules could not decide. 12 files, 0.2 s.
`);
  });

  it('does not quote a line again that the evidence itself is', () => {
    const line = 'NansException: '.repeat(20);
    const evidence = (text: string, quote: string) => [
      {
        fact: 'a',
        value: text,
        direction: 'for' as const,
        weight: 'strong' as const,
        text,
        source: { path: '/ui/a', line: 1, text: quote },
      },
    ];
    const shown = (text: string, quote: string) =>
      renderText(sampleReport([sampleFinding({ evidence: evidence(text, quote) })]), plain);
    expect(shown(`${line.slice(0, 200)}…`, `${line.slice(0, 150)}…`)).not.toContain('| Nans');
    expect(shown('The log says NaN', line)).toContain('| Nans');
  });

  it('never calls a run clean while something could not be checked', () => {
    const subject = { kind: 'log', id: 'log:/ui/a.log#0', label: 'a.log' };
    const blockedBy = [{ fact: 'gpu.vram', title: 'GPU memory', reason: 'not-collected' }];
    const inconclusive = ['a/one', 'a/two', 'a/one'].map((rule) => ({ rule, subject, blockedBy }));
    const text = renderText(sampleReport([], { inconclusive }), plain);
    expect(text).toContain(
      'Could not decide (2 rules), because something is not known:\n  undecided  2 rules: GPU memory: not looked at in this run\n',
    );
    expect(text).toContain('Nothing wrong was found in what could be checked.');
    expect(renderText(sampleReport([]), plain)).toContain('Nothing wrong was found.\n');
  });

  it('says that no WebUI was found only where there was nothing else to judge', () => {
    const of = (kind: string) => {
      const empty = sampleReport([], { installs: [] });
      const facts = { ...(empty.facts as object), subjects: [{ kind: 'machine' }, { kind }] };
      return renderText({ ...empty, facts, summary: { ...empty.summary, files: 0 } }, plain);
    };
    expect(of('gpu')).toContain('No WebUI was found. Give its folder');
    for (const kind of ['log', 'prompt', 'training', 'dataset']) expect(of(kind)).not.toContain('WebUI');
  });

  it('says which finding another follows from, what may be seen, and what was left out', () => {
    const root = sampleFinding();
    const echo = sampleFinding({ fingerprint: 'f2', title: 'No effect', severity: 'warning', explainedBy: 'f1' });
    const text = renderText(
      sampleReport([root, echo], {
        differentials: [
          {
            symptom: 'black-image',
            title: 'Black picture',
            candidates: [{ cause: 'x', title: 'VAE overflow', share: 0.62, finding: null }],
            settledBy: { fact: 'a', title: 'b', how: 'read the log' },
          },
        ],
        notes: [{ check: 'logs', code: 'too-large', message: 'only the end was read', path: '/ui/big.log' }],
      }),
      plain,
    );
    expect(text).toContain('follows from  The prompt asks for a LoRA that is not there');
    expect(text).toContain('symptom  Black picture  VAE overflow 62%\n  To settle it: read the log');
    expect(text).toContain('note  logs  /ui/big.log: only the end was read');
  });

  it('writes whole paths when there are several installs', () => {
    const install = sampleReport([]).installs[0];
    const installs = install ? [install, { ...install, id: 'install:/other', path: '/other' }] : [];
    expect(renderText(sampleReport([sampleFinding()], { installs }), plain)).toContain('[/ui/params.txt:1]');
  });

  it('keeps Chinese within the width, except head lines', () => {
    const text = renderText(sampleReport([chineseFinding()]), { ...plain, language: 'zh-CN', width: 40 });
    const lines = text.split('\n');
    expect(lines).toContain('错误  已确认  lora-not-found  提示词要求的 LoRA 不存在');
    for (const line of lines.filter((l) => l.startsWith('  ') && !l.includes('lora-doctor ')))
      expect(textWidth(line), line).toBeLessThanOrEqual(40);
  });

  it('has no control character of outside origin, whatever a finding holds', () => {
    const outside = fc.string({ unit: fc.constantFrom('a', '\u001b[31m', '\n', '\r', '\u202e', '\u0007', '\u009b', '名') });
    fc.assert(
      fc.property(outside, outside, (a, b) => {
        const finding = sampleFinding({
          title: a,
          message: b,
          rule: a,
          cause: b,
          subject: { kind: 'lora', id: a, label: a, path: b },
        });
        const text = renderText(sampleReport([finding]), plain);
        expect(text.replaceAll('\n', '')).not.toMatch(/[\u0000-\u001f\u007f-\u009f\u2028\u2029\u202a-\u202e]/);
      }),
      { numRuns: 200 },
    );
  });

  it('colours only when asked, and the words stay the same', () => {
    const sample = sampleReport([sampleFinding()]);
    const colored = renderText(sample, { ...plain, color: true });
    expect(colored).toContain('\u001b[31merror\u001b[39m');
    expect(colored.replace(/\u001b\[\d+m/g, '').replace(/ +$/gm, '')).toBe(renderText(sample, plain));
  });

  it('uses ASCII signs only with ascii', () => {
    const text = renderText(sampleReport([sampleFinding({ message: '1024 × 1024 → “big”…' })]), { ...plain, ascii: true });
    expect(text).toContain('1024 x 1024 -> "big"...');
    expect(text).toMatch(/^[\x00-\x7f]*$/);
  });
});
