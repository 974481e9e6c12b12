import type { Bilingual } from '../../facts/define';
import type { Inspected } from '../../formats/model/inspect';
import { containerFaultZh } from '../../inspect/container-words';
import type { WeightsLook } from '../../weights/look';
import type { FileVerdict } from './types';

const WEIGHTS: { readonly [verdict in Exclude<WeightsLook['verdict'], 'sound'>]: Bilingual } = {
  nan: { en: 'holds NaN values: pictures turn black or grey', zh: '含 NaN 值：图片会变黑或变灰' },
  inf: { en: 'holds infinite values: pictures turn black or grey', zh: '含无穷值：图片会变黑或变灰' },
  dead: { en: 'has no effect at all: every change is zero', zh: '完全无效果：所有改动均为零' },
  'partly-dead': { en: 'some modules have no effect', zh: '部分模块无效果' },
  overcooked: { en: 'changes the model unusually strongly', zh: '对模型的改动异常强烈' },
  suspicious: { en: 'has modules that do not fit together', zh: '部分模块存在异常' },
};

/** The one sentence that stands first. */
export function verdictOf(inspected: Inspected, weights: Pick<WeightsLook, 'verdict'> | null): FileVerdict {
  const { input, identity } = inspected;
  const { container, pickle } = input;
  if (container.error?.code.startsWith('unreadable-'))
    return { state: 'unreadable', text: { en: container.error.message, zh: containerFaultZh(container.error) } };
  if (pickle && pickle.verdict !== 'safe') {
    return {
      state: 'unsafe',
      text: {
        en: `this pickle imports more than tensors need (${pickle.verdict})`,
        zh: `该 pickle 导入了张量以外的内容（${pickle.verdict}）`,
      },
    };
  }
  if (!container.ok) return { state: 'broken', text: brokenText(inspected) };
  if (weights && weights.verdict !== 'sound') return { state: 'faulty', text: WEIGHTS[weights.verdict] };
  if (identity && identity.halfPairs > 0) {
    return {
      state: 'faulty',
      text: { en: `${identity.halfPairs} modules lack one side of the pair`, zh: `${identity.halfPairs} 个模块缺少一半` },
    };
  }
  if (!identity) return { state: pickle ? 'sound' : 'unknown', text: pickle ? PICKLE : both(container.kind) };
  if (identity.kind === 'unknown')
    return { state: 'unknown', text: { en: 'a readable file of unknown content', zh: '可读取，但内容未知' } };
  return { state: 'sound', text: weights ? LOOKED : HEADER };
}

const PICKLE: Bilingual = { en: 'a pickle that holds tensors only', zh: '只含张量的 pickle 文件' };
const LOOKED: Bilingual = { en: 'complete, values are sound', zh: '文件完整，数值正常' };
const HEADER: Bilingual = { en: 'complete (values not looked at)', zh: '文件完整（未检查数值）' };

const both = (text: string): Bilingual => ({ en: text, zh: text });

function brokenText({ input }: Inspected): Bilingual {
  const { error, kind } = input.container;
  const missing =
    kind.startsWith('truncated-') && error !== null && error.have !== null && error.need !== null ? error.need - error.have : 0;
  if (missing > 0) {
    return { en: `${missing} bytes are missing at the end (download again)`, zh: `末尾缺少 ${missing} 字节（请重新下载）` };
  }
  return { en: `cannot be read: ${error?.message ?? kind}`, zh: `无法读取：${error ? containerFaultZh(error) : kind}` };
}
