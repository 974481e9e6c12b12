import type { Bilingual } from '../facts/define';
import type { FactStore } from '../facts/snapshot';
import type { Subject } from '../facts/subject';
import { show } from '../formats/show';
import type { Language } from '../i18n/language';
import { explainPrompt } from '../prompt-report/explain';
import { blank, hanging, type Line, paintLine, span } from '../report/lines';
import type { Report } from '../report/schema';
import { textTheme } from '../report/theme';
import { closingText, type Printing, rowLines, shortener, widthOf } from './prompt-text';

const LOOK: { readonly [look: string]: Bilingual } = {
  normal: { en: 'looks like a picture', zh: '画面正常' },
  black: { en: 'completely black: a NaN, most likely', zh: '全黑：很可能出现了 NaN' },
  flat: { en: 'one single colour', zh: '单一颜色' },
  noise: { en: 'nothing but noise', zh: '只有噪点' },
};

/** For people: each picture with its look and its making, what its LoRAs are here, then the findings. */
export function imageText(context: Printing, facts: FactStore, report: Report): string {
  const { lang, color, ascii } = context;
  const theme = textTheme({ color, ascii });
  const width = widthOf(context);
  const shorten = shortener(context);
  const lines: Line[] = [];
  for (const image of facts.subjects('image')) {
    lines.push([span(show(shorten(image.path ?? image.label), 300), 'strong')]);
    for (const text of aboutImage(facts, image, lang)) lines.push(...hanging([span('  ')], text, 'plain', width));
    const prompt = facts.subject(image.links?.prompt ?? '');
    if (prompt) {
      for (const text of aboutMaking(facts, prompt, lang)) lines.push(...hanging([span('  ')], text, 'plain', width));
      const rows = explainPrompt(facts, prompt, { lang, shorten });
      if (rows.length === 0) rows.push({ sign: 'open', what: '', text: lang === 'en' ? 'asks for no LoRA' : '没有请求 LoRA' });
      lines.push(...rows.flatMap((row) => rowLines(row, width, theme.glyphs)));
    }
    lines.push(blank);
  }
  const head = lines.map((line) => paintLine(line, theme).trimEnd()).join('\n');
  return `${head}\n${closingText(context, report)}`;
}

function aboutImage(facts: FactStore, image: Subject, lang: Language): string[] {
  const say = (text: Bilingual): string => (lang === 'en' ? text.en : text.zh);
  const value = <T extends string | number | boolean>(name: string): T | undefined => facts.value<T>(image.id, `image.${name}`);
  const format = value<string>('format');
  if (format === undefined) return [lang === 'en' ? 'cannot be read' : '无法读取'];
  if (format === 'unknown') return [lang === 'en' ? 'is no picture' : '不是图片'];
  const size = value<number>('width') === undefined ? '' : `${value<number>('width')}×${value<number>('height')}`;
  const look = value<string>('look');
  const unseen = lang === 'en' ? 'its pixels were not looked at' : '未检查像素';
  const words = [format, size, look === undefined ? unseen : say(LOOK[look] ?? { en: look, zh: look })];
  if (value<boolean>('broken') === true) words.push(lang === 'en' ? 'the file is damaged' : '文件已损坏');
  const out = [words.filter((w) => w !== '').join(lang === 'en' ? ', ' : '，')];
  if (value<boolean>('hasMetadata') === false) {
    out.push(
      lang === 'en'
        ? 'it does not tell how it was made: the program or a site took that out, or it never was in it'
        : '图中没有生成信息：可能被程序或网站去除，或原本就没有',
    );
  }
  return out;
}

function aboutMaking(facts: FactStore, prompt: Subject, lang: Language): string[] {
  const text = (name: string): string => {
    const value = facts.value<string | number>(prompt.id, `prompt.${name}`);
    return value === undefined ? '' : show(String(value), 200);
  };
  const pieces: readonly (readonly [label: Bilingual, value: string])[] = [
    [{ en: 'made by', zh: '程序' }, [text('ui'), text('version')].filter((w) => w !== '').join(' ')],
    [{ en: 'checkpoint', zh: '底模' }, text('checkpoint')],
    [{ en: 'VAE', zh: 'VAE' }, text('vae')],
    [{ en: 'sampler', zh: '采样器' }, text('sampler')],
    [{ en: 'steps', zh: '步数' }, text('steps')],
    [{ en: 'CFG', zh: 'CFG' }, text('cfg')],
  ];
  const shown = pieces
    .filter(([, value]) => value !== '')
    .map(([label, value]) => `${lang === 'en' ? label.en : label.zh} ${value}`);
  return [shown.join(lang === 'en' ? ', ' : '，')];
}
