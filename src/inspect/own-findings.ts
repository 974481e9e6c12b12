import type { Bilingual } from '../facts/define';
import type { ModelHashes } from '../formats/hash/model-hashes';
import type { Identity } from '../formats/model/identify';
import type { WeightsLook } from '../weights/look';
import type { Suspicion } from '../weights/verdict';

/** Something that `inspect` sees in one file and no rule speaks of: the rules are about what users meet, these about the file. */
export interface OwnFinding {
  readonly rule: string;
  readonly cause: string;
  readonly severity: 'error' | 'warning' | 'info';
  readonly verdict: 'confirmed' | 'likely';
  readonly title: Bilingual;
  readonly message: Bilingual;
  readonly evidence: readonly { readonly fact: string; readonly value: string | number; readonly text: Bilingual }[];
  readonly fix: { readonly id: string; readonly title: Bilingual; readonly steps: readonly Bilingual[] };
}

const GET_AGAIN = {
  id: 'get-again',
  title: { en: 'Get a whole copy', zh: '重新获取完整文件' },
  steps: [
    { en: 'Downloaded: get the file again, or another version of it.', zh: '下载的：重新下载，或换其他版本。' },
    {
      en: 'Your own: save, merge or convert it again with a current version of the tool.',
      zh: '自己的：用新版工具重新保存、合并或转换。',
    },
  ],
} as const;

const LOWER = {
  id: 'lower-strength',
  title: { en: 'Use it weaker', zh: '降低使用权重' },
  steps: [
    { en: 'Try strength 0.3 to 0.6 first.', zh: '先用 0.3 到 0.6 的权重。' },
    {
      en: 'Your own: take an earlier epoch, or train with a lower learning rate.',
      zh: '自己训练的：改用更早的轮次，或降低学习率。',
    },
  ],
} as const;

/** lora-files.md §2.5 (LoRA half), §5.1 (alpha), §5.4 (heuristics, labelled as such), §6 (stale hash). */
export function ownFindings(identity: Identity | null, weights: WeightsLook | null, hashes: ModelHashes | null): OwnFinding[] {
  const out: OwnFinding[] = [];
  if (identity && identity.halfPairs > 0) out.push(halfPairs(identity.halfPairs));
  if (weights) {
    const suspicions = weights.suspicions.filter(({ code }) => code !== 'half-pair' || !identity || identity.halfPairs === 0);
    for (const code of new Set(suspicions.map((one) => one.code))) {
      const found = suspicious(
        code,
        suspicions.filter((one) => one.code === code),
      );
      if (found) out.push(found);
    }
    if (weights.verdict === 'partly-dead') out.push(partlyDead(weights));
  }
  if (hashes?.stored === 'stale') out.push(STALE);
  return out;
}

function halfPairs(count: number): OwnFinding {
  return {
    rule: 'inspect/half-pair',
    cause: 'corrupt-or-truncated-file',
    severity: 'error',
    verdict: 'confirmed',
    title: { en: `${count} modules lack one side of the pair`, zh: `${count} 个模块缺少一半张量` },
    message: {
      en: 'A LoRA module is a pair of matrices. ComfyUI stops at a half pair (KeyError), other programs leave the module out. That comes from a broken save, merge or conversion.',
      zh: 'LoRA 的每个模块由一对矩阵组成。ComfyUI 遇到缺半会报错（KeyError），其他程序会跳过该模块。通常由保存、合并或转换出错造成。',
    },
    evidence: [{ fact: 'lora.halfPairs', value: count, text: { en: `half pairs: ${count}`, zh: `缺一半的模块：${count}` } }],
    fix: GET_AGAIN,
  };
}

type Words = Pick<OwnFinding, 'cause' | 'severity' | 'title' | 'message' | 'fix'>;

const NORMAL_ALPHA: OwnFinding['fix'] = {
  id: 'mend-alpha',
  title: { en: 'Get a version with a sound alpha', zh: '获取 alpha 正常的版本' },
  steps: [
    {
      en: 'Alpha scales the effect (alpha ÷ rank). Get the original file, or save it again with alpha = rank.',
      zh: 'alpha 决定效果强度（alpha ÷ 秩）。请获取原始文件，或以 alpha = 秩重新保存。',
    },
  ],
};

const SUSPICIOUS: { readonly [code in Suspicion['code']]: Words } = {
  'half-pair': {
    cause: 'corrupt-or-truncated-file',
    severity: 'error',
    title: { en: 'Modules lack one part of their tensors', zh: '部分模块张量不全' },
    message: { en: 'They cannot be applied; ComfyUI stops there.', zh: '这些模块无法应用，ComfyUI 会报错。' },
    fix: GET_AGAIN,
  },
  'rank-mismatch': {
    cause: 'corrupt-or-truncated-file',
    severity: 'error',
    title: { en: 'The two sides of a pair have different ranks', zh: '同一模块两侧的秩不同' },
    message: {
      en: 'Such a pair cannot be multiplied. Generation stops or leaves it out.',
      zh: '这样的矩阵无法相乘，出图会报错或跳过。',
    },
    fix: GET_AGAIN,
  },
  'alpha-nan': {
    cause: 'lora-nan-weights',
    severity: 'error',
    title: { en: 'Alpha is no number (NaN)', zh: 'alpha 为 NaN' },
    message: { en: 'Every weight it scales becomes NaN: pictures turn black.', zh: '它缩放的所有权重都会变成 NaN，图片变黑。' },
    fix: NORMAL_ALPHA,
  },
  'alpha-inf': {
    cause: 'lora-nan-weights',
    severity: 'error',
    title: { en: 'Alpha is infinite', zh: 'alpha 为无穷大' },
    message: {
      en: 'Every weight it scales becomes infinite or NaN: pictures turn black.',
      zh: '它缩放的所有权重都会变成无穷或 NaN，图片变黑。',
    },
    fix: NORMAL_ALPHA,
  },
  'alpha-negative': {
    cause: 'overcooked-lora',
    severity: 'warning',
    title: { en: 'Alpha is negative: the effect is reversed', zh: 'alpha 为负：效果相反' },
    message: { en: 'No trainer writes a negative alpha; it was edited in.', zh: '训练程序不会写出负的 alpha，应为后期修改。' },
    fix: NORMAL_ALPHA,
  },
  'alpha-huge': {
    cause: 'overcooked-lora',
    severity: 'warning',
    title: { en: 'Alpha is more than eight times the rank', zh: 'alpha 超过秩的八倍' },
    message: {
      en: 'The effect is multiplied by alpha ÷ rank. Legal, but unusual: often a slip of the pen (alpha = rank²).',
      zh: '效果会乘以 alpha ÷ 秩。合法但少见，多为笔误（alpha = 秩²）。',
    },
    fix: LOWER,
  },
  'alpha-missing': {
    cause: 'overcooked-lora',
    severity: 'info',
    title: { en: 'Alpha is missing', zh: '缺少 alpha' },
    message: {
      en: 'Programs then take alpha = rank. If it was trained with a smaller alpha, it acts stronger than meant.',
      zh: '程序会视为 alpha = 秩。若训练时 alpha 更小，效果会偏强。',
    },
    fix: LOWER,
  },
  outlier: {
    cause: 'overcooked-lora',
    severity: 'warning',
    title: { en: 'A module is far stronger than the rest', zh: '个别模块远强于其他模块' },
    message: {
      en: 'More than twenty times the median (a rule of thumb, no authority has a limit). Pictures may break at full strength.',
      zh: '超过中位数二十倍（经验值，无权威标准）。满权重出图可能崩坏。',
    },
    fix: LOWER,
  },
};

function suspicious(code: Suspicion['code'], found: readonly Suspicion[]): OwnFinding | null {
  const words = SUSPICIOUS[code];
  const [first] = found;
  if (!first) return null;
  return {
    rule: `inspect/${code}`,
    verdict: words.severity === 'error' ? 'confirmed' : 'likely',
    ...words,
    evidence: [
      {
        fact: 'lora.weightsVerdict',
        value: code,
        text: { en: `${found.length} modules, first ${first.module}`, zh: `${found.length} 个模块，首个为 ${first.module}` },
      },
    ],
  };
}

function partlyDead({ deadModules, zeroModules, modules }: WeightsLook): OwnFinding {
  const te = deadModules.length > 0 && deadModules.every((name) => /^lora_te|^text_encoder/.test(name));
  return {
    rule: 'inspect/partly-dead',
    cause: 'dead-lora',
    severity: 'warning',
    verdict: 'confirmed',
    title: {
      en: `${zeroModules} of ${modules.length} modules have no effect${te ? ' (the whole text encoder)' : ''}`,
      zh: `${modules.length} 个模块中有 ${zeroModules} 个没有效果${te ? '（整个文本编码器）' : ''}`,
    },
    message: te
      ? {
          en: 'The text encoder was not trained (its learning rate was 0). The U-Net part works; the rest only takes room.',
          zh: '文本编码器未训练（学习率为 0）。U-Net 部分有效，其余只占空间。',
        }
      : {
          en: 'Those blocks were not trained (block learning rate 0), or the file was cut by blocks. The others work.',
          zh: '这些块未训练（分块学习率为 0）或被分块裁剪，其余部分有效。',
        },
    evidence: [
      {
        fact: 'lora.partlyDead',
        value: zeroModules,
        text: { en: `modules without effect: ${zeroModules}`, zh: `无效果模块：${zeroModules}` },
      },
    ],
    fix: {
      id: 'know',
      title: { en: 'Nothing to do, unless those parts were meant to be trained', zh: '若非有意训练这些部分，无需处理' },
      steps: [
        { en: 'Your own: set a learning rate for that part and train again.', zh: '自己训练的：为该部分设置学习率后重新训练。' },
      ],
    },
  };
}

const STALE: OwnFinding = {
  rule: 'inspect/stale-hash',
  cause: 'cache-stale',
  severity: 'info',
  verdict: 'confirmed',
  title: { en: 'The tensors were changed after training', zh: '训练后张量被修改过' },
  message: {
    en: 'The hash stored in the file is not that of its tensors: it was resized, merged, pruned or converted since. A1111 still shows the old hash.',
    zh: '文件内保存的哈希与张量不符：之后曾被缩放、合并、裁剪或转换。A1111 仍显示旧哈希。',
  },
  evidence: [
    { fact: 'lora.file', value: 'sshs_model_hash', text: { en: 'sshs_model_hash differs', zh: 'sshs_model_hash 不一致' } },
  ],
  fix: {
    id: 'know',
    title: { en: 'Look it up by AutoV3, not by the stored hash', zh: '请用 AutoV3 查询，不要用内存的哈希' },
    steps: [
      { en: 'Search civitai with the AutoV3 or AutoV2 hash shown here.', zh: '用此处的 AutoV3 或 AutoV2 在 civitai 查询。' },
    ],
  },
};
