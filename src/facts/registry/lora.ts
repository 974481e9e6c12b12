import { MODEL_KINDS } from '../../formats/model/kind';
import { bool, code, defineFacts, num, oneOf, records, text, texts } from '../define';
import { ADAPTERS, FAMILIES } from '../families';
import { modelFile } from './model-file';

/** Kinds of folder that a file of a LoRA may stand in. */
export const FOLDER_KINDS = ['lora', 'checkpoint', 'embedding', 'vae', 'encoder', 'other'] as const;
export type FolderKind = (typeof FOLDER_KINDS)[number];

/** Why a program does not list a file as a LoRA although it is there. */
export const HIDDEN_REASONS = [
  'extension',
  'hidden-folder',
  'not-lora-folder',
  'corrupted-rename',
  'download-leftover',
  'empty-file',
] as const;
export type HiddenReason = (typeof HIDDEN_REASONS)[number];

const CONFIDENCE = ['certain', 'likely', 'guess'] as const;

export const loraFacts = defineFacts('lora', 'lora', {
  ...modelFile,
  name: [text(), { en: 'Name (path in its folder, without extension)', zh: '名称（文件夹内路径，不含扩展名）' }],
  extension: [text(), { en: 'Extension, lower case, with the dot', zh: '扩展名（小写，含点）' }],
  kind: [oneOf(MODEL_KINDS), { en: 'What the file is', zh: '文件是什么' }],
  family: [oneOf(FAMILIES), { en: 'Model family it was trained for', zh: '所属模型系列' }],
  familyConfidence: [oneOf(CONFIDENCE), { en: 'How sure the family is', zh: '系列判断的把握' }],
  familyCandidates: [texts(FAMILIES), { en: 'Families that its tensors allow', zh: '张量允许的系列' }],
  familyVariant: [text(), { en: 'Which model of the family', zh: '系列中的哪个型号' }],
  lineage: [text(), { en: 'Fine-tune line it was made on', zh: '所基于的微调分支' }],
  adapter: [oneOf(ADAPTERS), { en: 'Adapter algorithm', zh: '适配器算法' }],
  features: [texts(), { en: 'Extras of the adapter', zh: '适配器附加特性' }],
  keyStyle: [text(), { en: 'Spelling of the tensor names', zh: '张量命名方式' }],
  rank: [num(), { en: 'Rank of most modules', zh: '多数模块的秩（rank）' }],
  rankMin: [num(), { en: 'Smallest rank', zh: '最小秩' }],
  rankMax: [num(), { en: 'Greatest rank', zh: '最大秩' }],
  alpha: [num(), { en: 'Alpha of most modules', zh: '多数模块的 alpha' }],
  modules: [num(), { en: 'Trained modules', zh: '训练的模块数' }],
  unetModules: [num(), { en: 'Modules of the U-Net or transformer', zh: 'U-Net 或 Transformer 的模块数' }],
  textEncoderModules: [num(), { en: 'Modules of the text encoders', zh: '文本编码器的模块数' }],
  halfPairs: [num(), { en: 'Modules with only one side of the pair', zh: '只有一半的模块数' }],
  vpred: [bool(), { en: 'Trained for v-prediction', zh: '按 v-prediction 训练' }],
  alias: [
    text(),
    { en: 'Name it was trained under (ss_output_name)', zh: '训练时的名称（ss_output_name）', sensitivity: 'public' },
  ],
  outputName: [text(), { en: 'Output name in the metadata', zh: '元数据中的输出名' }],
  baseModel: [text(), { en: 'Base model named in the metadata', zh: '元数据中的底模' }],
  trainer: [text(), { en: 'Training program', zh: '训练程序' }],
  steps: [num(), { en: 'Training steps', zh: '训练步数' }],
  triggerWords: [texts(), { en: 'Trigger words', zh: '触发词' }],
  triggers: [records({ word: 'text', count: 'number', source: 'text' }), { en: 'Caption words with counts', zh: '标注词及次数' }],
  sidecarWords: [texts(), { en: 'Trigger words named beside the file', zh: '同目录说明文件中的触发词' }],
  sidecarBase: [text(), { en: 'Base model named beside the file', zh: '同目录说明文件中的底模' }],
  preferredWeight: [num('ratio'), { en: 'Preferred weight named beside the file', zh: '同目录说明文件中的推荐权重' }],
  shownAs: [
    text(),
    {
      en: 'Base version under which A1111 files it (SD1, SD2, SDXL, Unknown)',
      zh: 'A1111 归类的底模版本（SD1、SD2、SDXL、Unknown）',
    },
  ],
  contradictions: [texts(), { en: 'Metadata that the tensors disprove', zh: '与张量矛盾的元数据' }],
  contradictionKinds: [texts(['family', 'rank', 'alpha']), { en: 'What the metadata is wrong about', zh: '元数据错在何处' }],
  folder: [oneOf(FOLDER_KINDS), { en: 'Kind of folder it stands in', zh: '所在文件夹的类型' }],
  folderPath: [text(), { en: 'Folder it stands in', zh: '所在文件夹', sensitivity: 'path' }],
  visible: [bool(), { en: 'The program lists it as a LoRA', zh: '程序会将其列为 LoRA' }],
  hiddenReason: [oneOf(HIDDEN_REASONS), { en: 'Why it is not listed', zh: '未被列出的原因' }],
  corruptedRename: [bool(), { en: 'Renamed by the program because it could not be read', zh: '因无法读取被程序改名' }],
  leftover: [bool(), { en: 'Left over from a download', zh: '下载残留文件' }],
  sameStem: [texts(), { en: 'Other LoRAs with the same file name', zh: '同名的其他 LoRA', sensitivity: 'path' }],
  aliasShared: [texts(), { en: 'Other LoRAs trained under the same name', zh: '训练名称相同的其他 LoRA', sensitivity: 'path' }],
  aliasOf: [
    texts(),
    { en: 'LoRAs whose file name is the alias of this one', zh: '文件名与其别名相同的 LoRA', sensitivity: 'path' },
  ],
  pickleVerdict: [text(), { en: 'Safety of the pickle', zh: 'pickle 安全性' }],
  pickleGlobals: [texts(), { en: 'Names that the pickle would import', zh: 'pickle 会导入的名称' }],
});

/** What the values say; only for LoRAs that were looked into. */
export const loraWeightFacts = defineFacts('lora', 'weights', {
  usedRecently: [bool(), { en: 'Used by a recent prompt', zh: '最近的提示词用到了它' }],
  provenByPicture: [bool(), { en: 'A finished picture shows that it could be loaded', zh: '已有成品图证明它能被加载' }],
  nan: [num(), { en: 'NaN values', zh: 'NaN 值的个数' }],
  inf: [num(), { en: 'Infinite values', zh: '无穷值的个数' }],
  dead: [bool(), { en: 'No effect at all (all changes are zero)', zh: '完全无效果（所有改动为零）' }],
  partlyDead: [bool(), { en: 'Some modules have no effect', zh: '部分模块无效果' }],
  weightsVerdict: [code('weights-verdict'), { en: 'Verdict on the values', zh: '对数值的判断' }],
  normMedian: [num('ratio'), { en: 'Median strength of the modules', zh: '各模块强度的中位数' }],
});
