import type { Bilingual } from '../facts/define';
import type { Inspected } from '../formats/model/inspect';
import { show } from '../formats/show';

export type TextLanguage = 'en' | 'zh';

/** What stands first: can this file be used? */
export interface FileVerdict {
  readonly state: 'sound' | 'broken' | 'unsafe' | 'faulty' | 'unreadable' | 'unknown';
  readonly text: Bilingual;
}

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

/** Lines for people about one file: verdict, what it is, family and why, rank and alpha, trigger words, metadata. Nothing raw. */
export function fileText(inspected: Inspected, verdict: FileVerdict, lang: TextLanguage): string[] {
  const { input, identity } = inspected;
  const lines = [show(input.path, 1000), `  ${STATE[verdict.state][lang]} · ${show(verdict.text[lang])}`];
  const row = (label: Bilingual, value: string): void => {
    if (value !== '') lines.push(`  ${label[lang]}${lang === 'zh' ? '：' : ': '}${value}`);
  };
  if (!identity) {
    row({ en: 'kind of file', zh: '文件类型' }, show(input.container.kind));
    if (input.pickle)
      row(
        { en: 'imports', zh: '导入的名称' },
        input.pickle.globals
          .slice(0, 12)
          .map((name) => show(name, 80))
          .join(', '),
      );
    return lines;
  }
  const kind = (KIND[identity.kind] ?? KIND.unknown)?.[lang] ?? identity.kind;
  const extras = [identity.adapter !== 'lora' ? identity.adapter : null, ...identity.features].filter((word) => word !== null);
  row({ en: 'what', zh: '类型' }, extras.length > 0 ? `${kind} (${extras.join(', ')})` : kind);
  familyRows(inspected, lang, row);
  if (identity.kind === 'lora') loraRows(inspected, row);
  if (identity.parts) {
    row({ en: 'VAE inside', zh: '内含 VAE' }, identity.parts.vae ? yes(lang) : no(lang));
    row({ en: 'text encoders inside', zh: '内含文本编码器' }, identity.parts.textEncoders.join(', ') || no(lang));
  }
  if (identity.prediction) row({ en: 'prediction', zh: '预测类型' }, identity.prediction.type);
  row({ en: 'number format', zh: '数值格式' }, show(identity.dtype));
  metadataRows(inspected, lang, row);
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
  row({ en: 'trigger words', zh: '触发词' }, metadata.triggers.likely.map((word) => show(word, 80)).join(', '));
  row({ en: 'trained with', zh: '训练程序' }, show(metadata.trainer ?? '', 80));
  row({ en: 'base model (claimed)', zh: '底模（元数据）' }, show(metadata.baseModel ?? '', 120));
  row({ en: 'steps', zh: '训练步数' }, metadata.steps === null ? '' : String(metadata.steps));
  row({ en: 'output name', zh: '输出名' }, show(metadata.outputName ?? '', 120));
  for (const one of contradictions) row({ en: 'contradiction', zh: '矛盾' }, show(one.text[lang], 200));
}
