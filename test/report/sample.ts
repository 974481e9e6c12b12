import type { Finding, Report } from '../../src/report/schema';

/** A finding with every part filled; `over` replaces parts. */
export function sampleFinding(over: Partial<Finding> = {}): Finding {
  return {
    rule: 'lora/not-found',
    cause: 'lora-not-found',
    subject: { kind: 'use', id: 'use:prompt:params.txt#0', label: 'CatGirl', path: '/ui/params.txt' },
    fingerprint: 'f1',
    severity: 'error',
    verdict: 'confirmed',
    share: 0.9,
    title: 'The prompt asks for a LoRA that is not there',
    message: 'The name in a tag must be that of the file, letter by letter. Capitals count on every system.',
    evidence: [
      {
        fact: 'use.resolved',
        value: false,
        direction: 'for',
        weight: 'decisive',
        text: 'No LoRA is called CatGirl',
        source: { path: '/ui/params.txt', line: 1, text: '<lora:CatGirl:0.8>' },
      },
      {
        fact: 'use.hash',
        value: 'x',
        direction: 'against',
        weight: 'weak',
        text: 'The picture names a hash',
        source: { path: '/ui/a.png', byte: 41 },
      },
    ],
    missing: [{ fact: 'install.version', title: 'Version of the program', reason: 'unreadable', wouldMatter: true }],
    fixes: [
      {
        id: 'rename',
        title: 'Write the name as the file has it',
        steps: ['Open the prompt.', 'Write <lora:catgirl:0.8>.'],
        safety: 'manual',
        effort: 'low',
      },
      { id: 'move', title: 'Put the file in the LoRA folder', steps: ['Move it.'], safety: 'confirm', effort: 'medium' },
    ],
    symptoms: ['no-effect'],
    explainedBy: null,
    references: ['https://example.org/lora', 'file:///etc/passwd'],
    count: 1,
    ...over,
  };
}

/** A report with these findings; counts follow from them. */
export function sampleReport(findings: readonly Finding[], over: Partial<Report> = {}): Report {
  const count = (severity: Finding['severity']) => findings.filter((finding) => finding.severity === severity).length;
  return {
    schema: 'lora-doctor/report@1',
    tool: { name: 'lora-doctor', version: '0.0.0', rules: 'abc' },
    generatedAt: '2026-01-01T00:00:00.000Z',
    lang: 'en',
    redacted: false,
    summary: {
      verdict: findings.length > 0 ? 'problems' : 'clear',
      errors: count('error'),
      warnings: count('warning'),
      notes: count('info'),
      inconclusive: over.inconclusive?.length ?? 0,
      files: 12,
      ms: 240,
    },
    installs: [
      {
        id: 'install:/ui',
        ui: 'a1111',
        path: '/ui',
        version: 'v1.10.1',
        commit: null,
        loraFolders: ['/ui/models/Lora'],
        args: [],
      },
    ],
    findings: [...findings],
    differentials: [],
    inconclusive: [],
    notes: [],
    facts: { schema: 'lora-doctor/facts@1', takenAt: '2026-01-01T00:00:00.000Z', subjects: [], notes: [], checks: [] },
    ...over,
  };
}

export const chineseFinding = (): Finding =>
  sampleFinding({
    fingerprint: 'zh',
    title: '提示词要求的 LoRA 不存在',
    message:
      '标签里的名字必须与文件名逐字一致，大小写在任何系统上都要相同。请检查“models/Lora”文件夹里的文件名，然后改写提示词。',
    evidence: [
      {
        fact: 'use.resolved',
        value: false,
        direction: 'for',
        weight: 'decisive',
        text: '没有名为 CatGirl 的 LoRA',
        source: { path: '/整合包/参数.txt', line: 1 },
      },
    ],
    fixes: [
      {
        id: 'rename',
        title: '按文件名书写',
        steps: ['打开提示词。', '写成 <lora:catgirl:0.8>。'],
        safety: 'manual',
        effort: 'low',
      },
    ],
  });
