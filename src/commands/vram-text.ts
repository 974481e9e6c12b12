import type { Bilingual } from '../facts/define';
import { clean } from '../report/lines';
import { textTheme } from '../report/theme';
import { pad, wrap } from '../report/width';
import { modelOf } from '../vram/models';
import type { Prediction } from '../vram/predict';
import { programById } from '../vram/programs';
import type { CommandContext } from './context';
import { FITS_WORDS, gib, PART_WORDS, TASK_WORDS } from './vram-words';

/** Columns of the longest bar. */
const BAR = 30;
/** Columns before the text of a line. */
const LEFT = 16;

/** One prediction for people: what it is about, the parts with bars, whether it fits, what to change, what was assumed. */
export function vramText(prediction: Prediction, ownCard: boolean, context: CommandContext): string {
  const { lang, ascii, color, stdout } = context;
  const language = lang === 'zh-CN' ? 'zh' : 'en';
  const theme = textTheme({ color, ascii });
  const width = stdout.isTTY ? Math.max(40, stdout.columns ?? 80) : 100;
  const say = ({ en, zh }: Bilingual): string => (language === 'zh' ? zh : en);
  const { peak, low, high, need, parts, fits, changes, after, assumed, settings } = prediction;
  const field = (name: Bilingual, text: string): string[] =>
    wrap(text, width - LEFT - 2).map((part, at) => `  ${theme.paint('dim', pad(at === 0 ? say(name) : '', LEFT))}${part}`);

  const out = [theme.paint('strong', titleOf(prediction, say)), ''];
  const between = say({
    en: `nine times in ten between ${gib(low)} and ${gib(high)}`,
    zh: `十次有九次在 ${gib(low)} 到 ${gib(high)} 之间`,
  });
  out.push(...field({ en: 'peak', zh: '峰值' }, `${gib(peak)}, ${between}`));
  if (need < peak * 0.98)
    out.push(
      ...field(
        { en: 'needed', zh: '至少需要' },
        say({ en: `${gib(need)}: the program fills free memory on purpose`, zh: `${gib(need)}：程序会主动占用空闲显存` }),
      ),
    );
  const most = Math.max(...parts.map(({ bytes }) => bytes));
  for (const { name, bytes } of parts) {
    const bar = (ascii ? '#' : '█').repeat(Math.round((bytes / most) * BAR));
    out.push(`  ${pad(say(PART_WORDS[name]), LEFT)}${gib(bytes).padStart(9)}  ${theme.paint('accent', bar)}`.trimEnd());
  }
  if (settings.cardGib !== null) {
    const name = settings.gpu === null ? '' : `${clean(settings.gpu, 60)}, `;
    const source = ownCard ? say({ en: ' (read from this machine)', zh: '（读自本机）' }) : '';
    out.push(...field({ en: 'card', zh: '显卡' }, `${name}${settings.cardGib.toFixed(1)} GiB${source}`));
  }
  out.push(
    `  ${theme.paint('dim', pad(say({ en: 'verdict', zh: '结论' }), LEFT))}${theme.paint(ROLES[fits], say(FITS_WORDS[fits]))}`,
  );
  changes.forEach(({ what, option, saves }, at) => {
    const how = option === null ? '' : `  ${option}`;
    out.push(
      ...field(at === 0 ? { en: 'change', zh: '改动' } : { en: '', zh: '' }, `${at + 1}. ${say(what)}${how}  (-${gib(saves)})`),
    );
  });
  if (after)
    out.push(
      ...field(
        { en: 'then', zh: '之后' },
        `${gib(after.peak)} (${gib(after.low)} - ${gib(after.high)}): ${say(FITS_WORDS[after.fits])}`,
      ),
    );
  else if (fits === 'no' || fits === 'tight')
    out.push(
      ...field(
        { en: 'change', zh: '改动' },
        say({ en: 'no change of settings is known that makes it fit', zh: '没有已知的设置改动能放得下' }),
      ),
    );
  assumed.forEach(({ field: name, value, why }, at) => {
    out.push(
      ...field(
        at === 0 ? { en: 'assumed', zh: '假定' } : { en: '', zh: '' },
        `${name} = ${clean(String(value), 60)}: ${say(why)}`,
      ),
    );
  });
  return `${out.join('\n')}\n`;
}

const ROLES = { yes: 'good', tight: 'warning', no: 'error', unknown: 'dim' } as const;

function titleOf({ settings: s }: Prediction, say: (text: Bilingual) => string): string {
  const words = [modelOf(s.model).title, say(TASK_WORDS[s.task]), `${s.width}x${s.height}`];
  if (s.frames > 1) words.push(say({ en: `${s.frames} frames`, zh: `${s.frames} 帧` }));
  words.push(say({ en: `batch ${s.batch}`, zh: `批量 ${s.batch}` }));
  if (s.task === 'lora') words.push(say({ en: `rank ${s.rank}`, zh: `秩 ${s.rank}` }));
  const program = programById(s.program).title;
  return `${words.join(', ')} (${program})`;
}
