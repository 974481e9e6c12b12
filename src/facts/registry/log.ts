import { LOSS_SHAPES, RUN_ENDS } from '../../formats/training/vocabulary';
import { bool, defineFacts, type Fields, num, oneOf, signalHits, text, texts, version } from '../define';
import { UIS } from '../families';

const path = { sensitivity: 'path' } as const;

/** `SignalHit` of `facts/signal.ts`. */
const HIT: Fields = {
  signal: 'text',
  signature: 'text',
  count: 'number',
  total: 'number',
  firstLine: 'number',
  lastLine: 'number',
  text: 'text',
  captures: 'texts by name',
};

/** One session of a console log: from one start of the program to the next. */
export const logFacts = defineFacts('log', 'logs', {
  path: [text(), { en: 'Log file', zh: '日志文件', ...path }],
  index: [num(), { en: 'Age of the session (0 = newest)', zh: '会话顺序（0 为最新）' }],
  ui: [oneOf(UIS), { en: 'Program that wrote the log', zh: '写下日志的程序' }],
  version: [version(), { en: 'Version of the program', zh: '程序版本' }],
  commit: [text(), { en: 'Git commit', zh: 'Git 提交' }],
  python: [version(), { en: 'Python', zh: 'Python 版本' }],
  torch: [version(), { en: 'torch', zh: 'torch 版本' }],
  torchCuda: [
    text(),
    {
      en: 'Build of torch',
      zh: 'torch 的构建类型',
      about: { en: 'Build tag of torch: cu121, rocm6.0, cpu', zh: 'torch 的构建标记：cu121、rocm6.0、cpu' },
    },
  ],
  gpuName: [text(), { en: 'Graphics card', zh: '显卡' }],
  vramTotal: [num('bytes'), { en: 'VRAM', zh: '显存' }],
  args: [texts(), { en: 'Launch arguments', zh: '启动参数', ...path }],
  checkpoint: [text(), { en: 'Checkpoint loaded last', zh: '最后加载的底模', ...path }],
  outcome: [
    oneOf(['running', 'stopped', 'crashed', 'never-started', 'unknown']),
    {
      en: 'How the session went',
      zh: '会话结果',
      about: {
        en: 'running: the server came up and no end is seen; never-started: it failed before',
        zh: 'running：服务已启动且未见结束；never-started：启动之前就失败了',
      },
    },
  ],
  serverStarted: [bool(), { en: 'The server came up', zh: '服务已启动' }],
  generations: [num(), { en: 'Runs that ended', zh: '已结束的生成次数' }],
  lastFailureLine: [num(), { en: 'Line of the last failure', zh: '最后一次出错的行号' }],
  signals: [signalHits(HIT), { en: 'What the log says', zh: '日志内容', ...path }],
  encoding: [
    oneOf(['ascii', 'utf-8', 'utf-16le', 'utf-16be', 'gb18030', 'windows-1252', 'mixed']),
    { en: 'Encoding of the log', zh: '日志编码' },
  ],
  lines: [num(), { en: 'Lines of the session', zh: '会话行数' }],
  lorasLoaded: [texts(), { en: 'LoRAs that the log reports as loaded', zh: '日志中已加载的 LoRA' }],
  trainStep: [num(), { en: 'Last step of the training', zh: '训练的最后一步' }],
  trainSteps: [num(), { en: 'Steps of the training', zh: '训练总步数' }],
  trainEnd: [oneOf(RUN_ENDS), { en: 'How the training ended', zh: '训练如何结束' }],
  trainEndText: [text(), { en: 'Line that tells why it ended', zh: '说明结束原因的一行', ...path }],
  stepSeconds: [num('seconds'), { en: 'Seconds per training step', zh: '每步训练耗时' }],
  stepSlowdown: [num('ratio'), { en: 'How many times slower it became', zh: '速度变慢的倍数' }],
  lossShape: [oneOf(LOSS_SHAPES), { en: 'What the loss does', zh: 'loss 的走势' }],
  lossFirst: [num('ratio'), { en: 'First loss', zh: '最初的 loss' }],
  lossLast: [num('ratio'), { en: 'Last loss', zh: '最后的 loss' }],
  lossCurve: [texts(), { en: 'Loss by step', zh: '各步的 loss' }],
  uncaptioned: [texts(), { en: 'Pictures that the trainer found no caption for', zh: '训练器没有找到标注的图片', ...path }],
  lorasFailed: [texts(), { en: 'LoRAs that the log reports as failed', zh: '日志中加载失败的 LoRA' }],
});
