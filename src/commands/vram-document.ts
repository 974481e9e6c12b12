import type { Language } from '../i18n/language';
import { modelOf } from '../vram/models';
import type { Prediction } from '../vram/predict';
import { remedyOf } from './vram-words';

/** The document of one row: `vram --json`. `id` is the row's own, null when it has none. */
export function vramDocument(row: object | null, prediction: Prediction, ownCard: boolean, lang: Language): object {
  const language = lang === 'zh-CN' ? 'zh' : 'en';
  const { settings, peak, low, high, need, fits, parts, after } = prediction;
  const id: unknown = row && 'id' in row ? row.id : null;
  return {
    schema: 'lora-doctor/vram@1',
    id: typeof id === 'string' || typeof id === 'number' ? id : null,
    peak,
    low,
    high,
    need,
    fits,
    parts,
    assumed: prediction.assumed.map(({ field, value, why }) => ({ field, value, why: why[language] })),
    model: modelOf(settings.model).title,
    task: settings.task,
    card: settings.cardGib === null ? null : { name: settings.gpu, gib: settings.cardGib, own: ownCard },
    changes: prediction.changes.map(({ id: change, what, option, saves }) => ({
      id: change,
      what: what[language],
      option,
      saves,
    })),
    after: after && { peak: after.peak, low: after.low, high: after.high, fits: after.fits },
    remedy: remedyOf(prediction, language),
  };
}
