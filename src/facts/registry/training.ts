import { ACCELERATE_FAULTS, INSTALL_FAULTS, SAMPLE_FAULTS, TRAINERS } from '../../formats/training/vocabulary';
import { bool, defineFacts, num, oneOf, text, texts } from '../define';
import { FAMILIES } from '../families';

const path = { sensitivity: 'path' } as const;

/** Pairs of options that exclude or need each other (kohya-training.md §1.2 to §1.4). */
export const OPTION_CONFLICTS = [
  'text-encoder-cache-needs-unet-only',
  'text-encoder-cache-and-captions',
  'latent-cache-and-augmentation',
  'swap-and-offload',
  'eight-bit-and-type',
  'v2-and-sdxl',
  'too-many-blocks',
  'chroma-needs-mask',
  'adaptive-noise-alone',
  'fused-backward',
  'resolution-format',
  'fp8-scaled-alone',
] as const;

/** What is wrong with optimizer and schedule (kohya-training.md §1.3). */
export const OPTIMIZER_FAULTS = [
  'adafactor-warmup',
  'constant-warmup',
  'unknown-optimizer',
  'unknown-schedule',
  'argument-without-equals',
  'argument-lower-case',
  'all-rates-zero',
  'adaptive-rate-low',
] as const;

/** What the base model or the LoRA to go on from is. */
const MODEL_STATES = ['found', 'missing', 'elsewhere', 'hub', 'hub-removed', 'tilde', 'not-stated'] as const;

/** How a training command or configuration is written. Texts tell what stands there and where. */
const writing = defineFacts('training', 'training', {
  path: [text(), { en: 'File', zh: '文件', ...path }],
  kind: [
    oneOf([
      'command',
      'config',
      'dataset-config',
      'gui-config',
      'other-config',
      'accelerate-config',
      'sample-prompts',
      'setup',
      'echo',
    ]),
    { en: 'Kind of file', zh: '文件类型' },
  ],
  shell: [oneOf(['bash', 'cmd', 'powershell']), { en: 'Shell', zh: '命令行' }],
  trainer: [oneOf(TRAINERS), { en: 'Trainer', zh: '训练器' }],
  piped: [bool(), { en: 'It came through standard input', zh: '来自标准输入' }],
  script: [text(), { en: 'Training script', zh: '训练脚本' }],
  scriptFamily: [oneOf(FAMILIES), { en: 'Base models of the script', zh: '脚本对应的底模系列' }],
  cuts: [texts(), { en: 'Where the command is cut', zh: '命令被截断的位置', ...path }],
  endsEarly: [texts(), { en: 'Where the command ends in the middle', zh: '命令中途结束的位置', ...path }],
  secondCommands: [texts(), { en: 'Second command in the same line', zh: '同一行里的第二条命令', ...path }],
  promptSigns: [texts(), { en: 'Prompts that were copied along', zh: '被一并复制的命令行提示符', ...path }],
  oddCharacters: [texts(), { en: 'Characters that only look right', zh: '看似正确的错误字符', ...path }],
  dashes: [texts(), { en: 'Options with a long dash', zh: '使用了破折号的选项', ...path }],
  unknownOptions: [texts(), { en: 'Options that the script does not know', zh: '脚本不认识的选项', ...path }],
  badValues: [texts(), { en: 'Options without or with a wrong value', zh: '缺少值或值错误的选项', ...path }],
  strayWords: [texts(), { en: 'Words that belong to no option', zh: '不属于任何选项的词', ...path }],
  tomlEscapes: [texts(), { en: 'Backslashes read as escapes', zh: '被当作转义的反斜杠', ...path }],
  configFaults: [texts(), { en: 'Lines of the configuration that cannot be used', zh: '配置中无法使用的行', ...path }],
  ignoredKeys: [texts(), { en: 'Names in the configuration that are ignored', zh: '配置中被忽略的名字', ...path }],
  tildePaths: [texts(), { en: 'Paths with a ~ that nobody replaces', zh: '没有程序会展开的 ~ 路径', ...path }],
  nonAsciiPaths: [texts(), { en: 'Paths that Windows reads in another encoding', zh: 'Windows 会按其他编码读取的路径', ...path }],
  missing: [texts(), { en: 'Options that are needed and not given', zh: '缺少的必要选项' }],
  conflicts: [texts(OPTION_CONFLICTS), { en: 'Options that exclude each other', zh: '互相排斥的选项' }],
  optimizerFaults: [texts(OPTIMIZER_FAULTS), { en: 'Faults of optimizer and schedule', zh: '优化器与调度器的问题' }],
  installFaults: [texts(INSTALL_FAULTS), { en: 'What is wrong with the set-up steps', zh: '安装步骤的问题' }],
  accelerate: [texts(ACCELERATE_FAULTS), { en: 'What is wrong with the settings of accelerate', zh: 'accelerate 配置的问题' }],
  sampleFaults: [
    texts(),
    { en: 'Lines of the sample prompts that are not read as meant', zh: '采样提示词中不会按预期读取的行', ...path },
  ],
  sampleFaultKinds: [texts(SAMPLE_FAULTS), { en: 'Kinds of these faults', zh: '这些问题的类型' }],
  precisionFaults: [texts(), { en: 'Precision options that do not go together', zh: '互相冲突的精度选项' }],
});

/** What the training would do. */
const doing = defineFacts('training', 'training', {
  module: [text(), { en: 'Network module', zh: '网络模块' }],
  moduleKnown: [bool(), { en: 'The network module exists', zh: '网络模块存在' }],
  moduleFits: [bool(), { en: 'The network module suits the script', zh: '网络模块与脚本匹配' }],
  moduleNearest: [text(), { en: 'Nearest network module', zh: '最接近的网络模块' }],
  optimizer: [text(), { en: 'Optimizer', zh: '优化器' }],
  optimizerKind: [oneOf(['ordinary', 'adaptive', 'other']), { en: 'Kind of optimizer', zh: '优化器类型' }],
  eightBit: [bool(), { en: '8-bit optimizer', zh: '8 位优化器' }],
  scheduler: [text(), { en: 'Schedule', zh: '调度器' }],
  cycles: [num(), { en: 'Cycles of the schedule', zh: '调度周期数' }],
  learningRate: [num('ratio'), { en: 'Highest learning rate', zh: '最高学习率' }],
  textEncoderRate: [num('ratio'), { en: 'Learning rate of the text encoder', zh: '文本编码器学习率' }],
  rateStated: [bool(), { en: 'A learning rate is given', zh: '写明了学习率' }],
  rank: [num(), { en: 'Rank', zh: '秩' }],
  alpha: [num('ratio'), { en: 'Alpha', zh: 'Alpha' }],
  batch: [num(), { en: 'Batch size', zh: '批量大小' }],
  steps: [num(), { en: 'Steps', zh: '步数' }],
  exposures: [num(), { en: 'How often each picture is shown', zh: '每张图片被使用的次数' }],
  warmupFixed: [num(), { en: 'Warm-up in steps, the whole being unknown', zh: '预热步数（总步数未知）' }],
  warmupShare: [num('ratio'), { en: 'Share of warm-up steps', zh: '预热步数占比' }],
  mixedPrecision: [text(), { en: 'Mixed precision', zh: '混合精度' }],
  halfVae: [bool(), { en: 'The VAE runs in half precision', zh: 'VAE 以半精度运行' }],
  captionStated: [bool(), { en: 'The ending of the captions is given', zh: '写明了标注扩展名' }],
  savesHalf: [bool(), { en: 'Saves in half precision', zh: '以半精度保存' }],
  bucketStep: [num(), { en: 'Bucket step', zh: '分桶步长' }],
  bucketStepFits: [bool(), { en: 'The bucket step suits the model', zh: '分桶步长符合模型要求' }],
  bucketLimitsFit: [bool(), { en: 'The resolution lies within the bucket limits', zh: '分辨率在分桶上下限之内' }],
  captionDot: [bool(), { en: 'The ending of the captions begins with a dot', zh: '标注扩展名以点开头' }],
  cropsSilently: [bool(), { en: 'Pictures are cropped without a message', zh: '图片会被静默裁剪' }],
  asksXformers: [bool(), { en: 'Asks for xFormers', zh: '指定了 xFormers' }],
  seedStated: [bool(), { en: 'A seed is given', zh: '写明了种子' }],
  captionExtension: [text(), { en: 'Ending of the captions', zh: '标注文件扩展名' }],
  sampleFile: [oneOf(['found', 'missing', 'not-stated']), { en: 'File of sample prompts', zh: '采样提示词文件' }],
  baseModel: [oneOf(MODEL_STATES), { en: 'Base model', zh: '底模' }],
  baseModelPath: [text(), { en: 'Path of the base model', zh: '底模路径', ...path }],
  baseFamily: [oneOf(FAMILIES), { en: 'Family of the base model', zh: '底模系列' }],
  baseFits: [bool(), { en: 'Base model and script belong together', zh: '底模与脚本匹配' }],
  baseNamed: [oneOf(FAMILIES), { en: 'Family by the name of the base model', zh: '按底模名称判断的系列' }],
  baseNameFits: [bool(), { en: 'The name of the base model suits the script', zh: '底模名称与脚本匹配' }],
  baseNearest: [text(), { en: 'Published file with nearly the same name', zh: '名称几乎相同的公开文件' }],
  baseFile: [oneOf(['sound', 'damaged', 'no-model']), { en: 'File of the base model', zh: '底模文件' }],
  startsFrom: [oneOf(MODEL_STATES), { en: 'LoRA to go on from', zh: '要继续训练的 LoRA' }],
  startRank: [num(), { en: 'Rank of the LoRA to go on from', zh: '要继续训练的 LoRA 的秩' }],
  startRankFits: [bool(), { en: 'Its rank is the one asked for', zh: '其秩与设置一致' }],
  startAlpha: [num('ratio'), { en: 'Alpha of the LoRA to go on from', zh: '要继续训练的 LoRA 的 alpha' }],
  startAlphaFits: [bool(), { en: 'Its alpha is the one asked for', zh: '其 alpha 与设置一致' }],
  startAdapter: [text(), { en: 'Kind of the LoRA to go on from', zh: '要继续训练的 LoRA 的类型' }],
  startAdapterFits: [bool(), { en: 'The network module makes that kind', zh: '网络模块与其类型一致' }],
  startKeys: [text(), { en: 'Key style of the LoRA to go on from', zh: '要继续训练的 LoRA 的键名风格' }],
  startKeysFit: [bool(), { en: 'The trainer knows these keys', zh: '训练器认识这些键名' }],
  dimIgnored: [texts(), { en: 'Rank and alpha that the file overrules', zh: '会被文件覆盖的秩与 alpha 设置' }],
  dimFromWeights: [bool(), { en: 'Rank and alpha are taken from the file', zh: '秩和 alpha 取自文件' }],
  mergesBase: [bool(), { en: 'LoRAs are merged into the base model first', zh: '先把 LoRA 合并进底模' }],
  startFamily: [oneOf(FAMILIES), { en: 'Family of the LoRA to go on from', zh: '要继续训练的 LoRA 的系列' }],
  startFamilyFits: [bool(), { en: 'It belongs to the family of the script', zh: '与脚本系列一致' }],
});

/** Video memory by the estimator of `vram`, on the card that was named or found. */
const memory = defineFacts('training', 'training', {
  memoryPeak: [num('bytes'), { en: 'Video memory at the peak', zh: '显存峰值' }],
  memoryLow: [num('bytes'), { en: 'Video memory, low end', zh: '显存下限' }],
  memoryHigh: [num('bytes'), { en: 'Video memory, high end', zh: '显存上限' }],
  memoryFits: [oneOf(['yes', 'tight', 'no']), { en: 'It fits the card', zh: '显存是否足够' }],
  memorySure: [bool(), { en: 'Even the low end is more than the card has', zh: '连下限都超过显存' }],
  memoryCard: [num('bytes'), { en: 'Memory of the card', zh: '显卡的显存' }],
  memoryCardName: [text(), { en: 'Card', zh: '显卡' }],
  memoryChanges: [texts(), { en: 'Cheapest changes that make it fit', zh: '能放下的最小改动' }],
  memoryAfter: [num('bytes'), { en: 'Video memory after these changes', zh: '改动后的显存峰值' }],
});

export const trainingFacts = [...writing, ...doing, ...memory];
