import type { Bilingual } from '../../facts/define';
import type { Inspected } from '../../formats/model/inspect';
import { show } from '../../formats/show';
import { pictures } from '../../inspect/pictures';
import { megabytes } from '../../inspect/table';
import type { Finding } from '../../report/schema';
import { roleOfSeverity, type Theme } from '../../report/theme';
import { textWidth, wrap } from '../../report/width';
import type { FileVerdict, InspectedFile, TextLanguage } from './types';

const KIND: { readonly [kind: string]: Bilingual } = {
  lora: { en: 'LoRA', zh: 'LoRA' },
  checkpoint: { en: 'whole checkpoint', zh: '完整底模（checkpoint）' },
  vae: { en: 'VAE', zh: 'VAE' },
  'textual-inversion': { en: 'embedding (textual inversion)', zh: '嵌入式（Textual Inversion）' },
  controlnet: { en: 'ControlNet', zh: 'ControlNet' },
  'ip-adapter': { en: 'IP-Adapter', zh: 'IP-Adapter' },
  'text-encoder': { en: 'text encoder', zh: '文本编码器' },
  unet: { en: 'bare diffusion model (U-Net or transformer)', zh: '仅扩散模型（U-Net 或 Transformer）' },
  upscaler: { en: 'upscaler', zh: '放大模型' },
  unknown: { en: 'unknown', zh: '未知' },
};

const CONFIDENCE: { readonly [word: string]: Bilingual } = {
  certain: { en: 'certain', zh: '确定' },
  likely: { en: 'likely', zh: '很可能' },
  guess: { en: 'a guess', zh: '猜测' },
};

const STATE: { readonly [state in FileVerdict['state']]: Bilingual } = {
  sound: { en: 'OK', zh: '正常' },
  broken: { en: 'BROKEN', zh: '损坏' },
  unsafe: { en: 'UNSAFE', zh: '不安全' },
  faulty: { en: 'FAULTY', zh: '有问题' },
  unreadable: { en: 'UNREADABLE', zh: '无法读取' },
  unknown: { en: 'UNKNOWN', zh: '未知' },
};

/** How the text is set. */
export interface TextStyle {
  readonly lang: TextLanguage;
  readonly columns: number;
  readonly ascii: boolean;
  readonly theme: Theme;
}

/** Lines for people about one file: verdict, reasons, remedy; then what it is; then who loads it; then the numbers. Nothing raw. */
export function fileText(file: InspectedFile, style: TextStyle): string[] {
  const { brief, entry, verdict, examined } = file;
  const { lang, theme, columns } = style;
  const state = theme.paint(STATE_ROLE[brief.state], STATE[brief.state][lang]);
  const lines = [theme.paint('strong', show(entry.path, 1000)), `  ${state}${verdict ? ` · ${show(verdict.text[lang])}` : ''}`];
  lines.push(...findingLines(entry.findings as readonly Finding[], style));
  const rows: string[] = [];
  const row: Row = (label, value) => {
    if (value !== '') rows.push(...labelled(label[lang], value, style));
  };
  if (examined) describe(examined.inspected, lang, row);
  wordRows(entry.triggers, lang, row);
  hashRows(entry, row);
  if (rows.length > 0) lines.push('', ...rows);
  lines.push(...fitLines(entry.fits, style));
  const picture = examined?.weights ? pictures(examined.weights, { ...style, columns: columns - 2 }) : [];
  if (picture.length > 0) lines.push('', ...picture.map((line) => `  ${line}`));
  return lines;
}

const STATE_ROLE = {
  sound: 'good',
  broken: 'error',
  unsafe: 'error',
  faulty: 'error',
  unreadable: 'error',
  unknown: 'warning',
} as const;

/** `  label: value`, broken at the width; what follows stands below the value. */
function labelled(label: string, value: string, { lang, columns }: TextStyle): string[] {
  const head = `  ${label}${lang === 'zh' ? '：' : ': '}`;
  const indent = Math.min(textWidth(head), 24);
  return wrap(value, Math.max(20, columns - Math.max(textWidth(head), indent))).map(
    (line, i) => (i === 0 ? head : ' '.repeat(indent)) + line,
  );
}

/** Each finding: what, why, what to do. Notes come as one line. */
function findingLines(findings: readonly Finding[], style: TextStyle): string[] {
  const { lang, theme, columns } = style;
  const lines: string[] = [];
  const put = (text: string, indent: number, mark = ''): number =>
    lines.push(
      ...wrap(text, columns - indent).map(
        (line, i) => (i === 0 ? ' '.repeat(indent - textWidth(mark)) + mark : ' '.repeat(indent)) + line,
      ),
    );
  for (const finding of findings) {
    const glyph = theme.glyphs[finding.severity];
    lines.push('');
    const before = lines.length;
    put(`${glyph} ${finding.title}`, 2);
    lines[before] = theme.paint(roleOfSeverity(finding.severity), lines[before] ?? '');
    if (finding.severity === 'info') continue;
    put(finding.message, 4);
    for (const { text } of finding.evidence.slice(0, 4)) put(text, 6, '- ');
    for (const fix of finding.fixes.slice(0, 2)) {
      put(`${lang === 'zh' ? '处理：' : 'remedy: '}${fix.title}`, 4);
      for (const step of fix.steps.slice(0, 4)) put(step, 6, '- ');
    }
  }
  return lines;
}

function describe(inspected: Inspected, lang: TextLanguage, row: Row): void {
  const { input, identity } = inspected;
  if (!identity) {
    row({ en: 'kind of file', zh: '文件类型' }, show(input.container.kind));
    row({ en: 'size', zh: '大小' }, megabytes(input.size));
    const names = input.pickle?.globals.slice(0, 12).map((name) => show(name, 80)) ?? [];
    row({ en: 'imports', zh: '导入的名称' }, names.join(', '));
    return;
  }
  const kind = (KIND[identity.kind] ?? KIND.unknown)?.[lang] ?? identity.kind;
  const extras = [...new Set([identity.adapter ?? 'lora', ...identity.features])].filter((word) => word !== 'lora');
  const what = extras.length > 0 ? `${kind} (${extras.join(', ')})` : kind;
  row({ en: 'what', zh: '类型' }, `${what}, ${megabytes(input.size)}`);
  familyRows(inspected, lang, row);
  if (identity.kind === 'lora') loraRows(inspected, row);
  if (identity.parts) {
    row({ en: 'VAE inside', zh: '内含 VAE' }, identity.parts.vae ? yes(lang) : no(lang));
    row({ en: 'text encoders inside', zh: '内含文本编码器' }, identity.parts.textEncoders.join(', ') || no(lang));
  }
  if (identity.prediction) row({ en: 'prediction', zh: '预测类型' }, identity.prediction.type);
  row({ en: 'number format', zh: '数值格式' }, show(identity.dtype));
  metadataRows(inspected, lang, row);
}

const SOURCES: { readonly [source: string]: Bilingual } = {
  phrase: { en: 'stated in the file', zh: '文件内注明' },
  sidecar: { en: 'named beside the file', zh: '同目录说明文件' },
  tags: { en: 'training captions', zh: '训练标注' },
  folder: { en: 'dataset folder', zh: '数据集文件夹' },
};

/** Words for the prompt, each with where it comes from; captions with how often. */
function wordRows(triggers: unknown, lang: TextLanguage, row: Row): void {
  const words = Array.isArray(triggers) ? (triggers as { word: string; count: number; source: string; likely: boolean }[]) : [];
  const likely = words.filter((one) => one.likely).slice(0, 8);
  const shown = (one: (typeof words)[number]): string => {
    const source = SOURCES[one.source]?.[lang] ?? one.source;
    return `${show(one.word, 80)} (${source}${one.count > 0 ? ` ×${one.count}` : ''})`;
  };
  row({ en: 'trigger words', zh: '触发词' }, likely.map(shown).join(', '));
  const others = words
    .filter((one) => !one.likely && one.count > 0)
    .sort((a, b) => b.count - a.count)
    .slice(0, 8);
  row({ en: 'often in captions', zh: '标注常用词' }, others.map((one) => `${show(one.word, 60)} ×${one.count}`).join(', '));
}

function hashRows(entry: InspectedFile['entry'], row: Row): void {
  const text = (key: string): string => (typeof entry[key] === 'string' ? show(entry[key], 80) : '');
  row({ en: 'SHA-256', zh: 'SHA-256' }, text('sha256'));
  const short = [
    ['AutoV1', 'legacyHash'],
    ['AutoV2', 'autov2'],
    ['AutoV3', 'autov3'],
    ['A1111', 'a1111Hash'],
  ].filter(([, key]) => text(key ?? '') !== '');
  row({ en: 'hashes', zh: '哈希' }, short.map(([name, key]) => `${name} ${text(key ?? '')}`).join(', '));
}

const LOADS: { readonly [loads: string]: Bilingual } = {
  yes: { en: 'yes', zh: '可以' },
  converted: { en: 'yes, converted', zh: '可以（转换）' },
  part: { en: 'in part', zh: '部分' },
  no: { en: 'no', zh: '不能' },
  unknown: { en: 'not known', zh: '未知' },
};

/** Programs with one answer and one reason share a line. */
function fitLines(fits: unknown, style: TextStyle): string[] {
  const { lang, columns } = style;
  const rows = Array.isArray(fits) ? (fits as { ui: string; versions: string | null; loads: string; why: string }[]) : [];
  if (rows.length === 0) return [];
  const groups = new Map<string, { loads: string; why: string; uis: string[] }>();
  for (const { ui, versions, loads, why } of rows) {
    const group = groups.get(`${loads}|${why}`) ?? { loads, why, uis: [] };
    group.uis.push(versions === null ? ui : `${ui} ${versions}`);
    groups.set(`${loads}|${why}`, group);
  }
  const word = (loads: string): string => LOADS[loads]?.[lang] ?? loads;
  const width = Math.max(...[...groups.values()].map(({ loads }) => textWidth(word(loads))));
  const lines = ['', `  ${lang === 'zh' ? '哪些程序能加载' : 'which programs load it'}`];
  for (const order of Object.keys(LOADS)) {
    for (const { loads, why, uis } of groups.values()) {
      if (loads !== order) continue;
      const head = `    ${word(loads)}${' '.repeat(width - textWidth(word(loads)))}  `;
      const text = `${uis.join(', ')}${lang === 'zh' ? '：' : ': '}${show(why, 300)}`;
      lines.push(...wrap(text, columns - width - 6).map((line, i) => (i === 0 ? head : ' '.repeat(width + 6)) + line));
    }
  }
  return lines;
}

type Row = (label: Bilingual, value: string) => void;

const yes = (lang: TextLanguage): string => (lang === 'zh' ? '有' : 'yes');
const no = (lang: TextLanguage): string => (lang === 'zh' ? '无' : 'no');

function familyRows({ identity }: Inspected, lang: TextLanguage, row: Row): void {
  if (!identity || (identity.family.candidates.length === 0 && identity.family.id === 'unknown')) return;
  const { family } = identity;
  const open =
    family.candidates.length > 1
      ? lang === 'zh'
        ? `，张量允许：${family.candidates.join('、')}`
        : `; tensors allow ${family.candidates.join(', ')}`
      : '';
  const variant = family.variant === null ? '' : ` ${family.variant}`;
  row({ en: 'family', zh: '模型系列' }, `${family.id}${show(variant)} (${CONFIDENCE[family.confidence]?.[lang]}${open})`);
  row({ en: 'because', zh: '依据' }, family.why.map((why) => show(why[lang], 200)).join(lang === 'zh' ? '；' : '; '));
  if (family.lineage) row({ en: 'line', zh: '微调分支' }, `${family.lineage.id} (${show(family.lineage.from, 80)})`);
}

function loraRows({ identity }: Inspected, row: Row): void {
  if (!identity) return;
  const { rank, alpha } = identity;
  const range = (min: number, max: number): string => (min === max ? String(min) : `${min}–${max}`);
  if (rank) row({ en: 'rank', zh: '秩（rank）' }, range(rank.min, rank.max));
  if (alpha) row({ en: 'alpha', zh: 'alpha' }, range(alpha.min, alpha.max));
  row(
    { en: 'modules', zh: '模块' },
    Object.entries(identity.modules)
      .map(([part, count]) => `${part} ${count}`)
      .join(', '),
  );
  if (identity.halfPairs > 0) row({ en: 'half pairs', zh: '缺一半的模块' }, String(identity.halfPairs));
  row({ en: 'key names', zh: '键名格式' }, identity.keyStyle ?? '');
}

function metadataRows({ metadata, contradictions }: Inspected, lang: TextLanguage, row: Row): void {
  if (!metadata) return;
  row({ en: 'trained with', zh: '训练程序' }, show(metadata.trainer ?? '', 80));
  row({ en: 'base model (claimed)', zh: '底模（元数据）' }, show(metadata.baseModel ?? '', 120));
  row({ en: 'steps', zh: '训练步数' }, metadata.steps === null ? '' : String(metadata.steps));
  row({ en: 'output name', zh: '输出名' }, show(metadata.outputName ?? '', 120));
  for (const one of contradictions) row({ en: 'contradiction', zh: '矛盾' }, show(one.text[lang], 200));
}
