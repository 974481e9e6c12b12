import type { Bilingual } from '../facts/define';

/** One option of the command line. */
export interface Option {
  readonly name: string;
  readonly value?: string;
  /** The words it takes, when it takes only some. */
  readonly words?: readonly string[];
  /** The value may be left out; a word after it counts as one only when this says so. */
  readonly optional?: (word: string) => boolean;
  readonly help: Bilingual;
}

export interface Command {
  readonly name: string;
  readonly args: string;
  readonly help: Bilingual;
  readonly options: readonly Option[];
}

const flag = (name: string, en: string, zh: string): Option => ({ name, help: { en, zh } });
const value = (name: string, what: string, en: string, zh: string, words?: readonly string[]): Option =>
  words ? { name, value: what, words, help: { en, zh } } : { name, value: what, help: { en, zh } };

/** Options that hold everywhere. */
export const GLOBAL: readonly Option[] = [
  value('lang', 'LANG', 'language of what you read', '界面语言', ['en', 'zh-CN']),
  value('color', 'WHEN', 'colours: auto, always or never', '颜色：auto、always 或 never', ['auto', 'always', 'never']),
  flag('ascii', 'plain signs only, for old terminals', '仅使用 ASCII 符号（旧终端）'),
  flag('no-redact', 'leave names, paths and prompts as they are', '不隐藏用户名、路径与提示词'),
  flag('no-input', 'never ask, never open the screen', '不交互，不打开界面'),
  flag('debug', 'show a stack trace when lora-doctor itself fails', 'lora-doctor 自身出错时显示堆栈'),
  flag('help', 'this text', '显示帮助'),
  flag('version', 'version number', '版本号'),
];

const JSON_FLAG = flag('json', 'one JSON document on standard output', '以单个 JSON 文档输出');
const FAIL_ON = value(
  'fail-on',
  'SEVERITY',
  'exit with 1 from this severity on (default error)',
  '从该级别起以状态 1 退出（默认 error）',
  ['error', 'warning', 'info'],
);
const CARD_MEMORY = value(
  'vram',
  'GIB',
  'memory of the card, in GiB or with a unit (6GB, 6144MiB)',
  '显存大小（GiB，也可写明单位：6GB、6144MiB）',
);
const RULES = value('rules', 'DIR', 'your own rules beside the built-in ones', '附加自定义规则目录');
const UI = value('ui', 'KIND', 'the program: a1111, forge, comfyui … or auto', '程序：a1111、forge、comfyui … 或 auto');
const DEPTH = value('depth', 'DEPTH', 'how closely to look', '检查深度', ['quick', 'normal', 'deep']);
const SYMPTOM = value('symptom', 'WORD', 'what you see, e.g. black-image', '您看到的现象，例如 black-image');

const LIVE: Option = {
  ...value(
    'live',
    '[URL]',
    'ask the running program too, read-only, this machine only',
    '同时询问正在运行的程序（只读，仅限本机）',
  ),
  optional: (word) => /^https?:\/\//i.test(word),
};

/** `check` looks at every file anew in any case: a memory of thousands of headers would cost it more than reading them. */
const NO_CACHE = flag('no-cache', 'look at every file anew', '不使用缓存');

/** Commands that exist in this version. `check` stands first: it is what no command means. */
export const COMMANDS: readonly Command[] = [
  {
    name: 'check',
    args: '[PATH...]',
    help: { en: 'look once and print what is wrong', zh: '检查一次并输出问题' },
    options: [
      JSON_FLAG,
      DEPTH,
      FAIL_ON,
      RULES,
      SYMPTOM,
      LIVE,
      NO_CACHE,
      value('only', 'AREA', 'only this area', '仅此范围', ['loaded', 'fits', 'works', 'machine', 'training']),
    ],
  },
  {
    name: 'watch',
    args: '[PATH]',
    help: { en: 'keep looking: logs, models, pictures', zh: '持续监视日志、模型与图片' },
    options: [flag('json', 'one JSON document a line', '每行一个 JSON 文档'), DEPTH, RULES],
  },
  {
    name: 'inspect',
    args: 'FILE|DIR...',
    help: { en: 'what a model file is and whether it is sound', zh: '查看模型文件是什么、是否完好' },
    options: [
      JSON_FLAG,
      flag('weights', 'look at every value, also of many files', '检查所有数值（多文件时也检查）'),
      flag('hash', 'hash many files and large ones too', '多文件与大文件也计算哈希'),
      value('against', 'CHECKPOINT', 'lay it on a checkpoint, shape by shape', '与底模逐个形状对照'),
      UI,
      value('sort', 'KEY', 'order of a list', '列表排序', ['name', 'size', 'family', 'rank', 'kind', 'verdict']),
      value('filter', 'TEXT', 'only rows that hold these words', '仅列出含有这些词的行'),
      NO_CACHE,
    ],
  },
  {
    name: 'log',
    args: 'FILE|-',
    help: { en: 'diagnose a console log on its own', zh: '单独诊断一份控制台日志' },
    options: [JSON_FLAG, UI, FAIL_ON, RULES],
  },
  {
    name: 'prompt',
    args: 'TEXT|-|FILE',
    help: {
      en: 'what a prompt, a workflow or a script loads, and how strongly',
      zh: '查看提示词、工作流或脚本会加载什么、强度多少',
    },
    options: [JSON_FLAG, UI, value('install', 'PATH', 'the install to judge by', '以哪个安装为准'), FAIL_ON, RULES],
  },
  {
    name: 'image',
    args: 'FILE...',
    help: {
      en: 'how a picture was made, what it looks like, which LoRAs are missing',
      zh: '查看图片的生成信息、画面外观与缺失的 LoRA',
    },
    options: [JSON_FLAG, UI, value('install', 'PATH', 'the install to judge by', '以哪个安装为准'), FAIL_ON, RULES],
  },
  {
    name: 'train',
    args: 'FILE|DIR|-',
    help: { en: 'diagnose a training command, configuration, data set or log', zh: '诊断训练命令、配置、训练集或日志' },
    options: [
      JSON_FLAG,
      FAIL_ON,
      RULES,
      value(
        'vram',
        'GIB',
        'judge by a card of this memory, in GiB or with a unit (left out: this machine’s)',
        '按此显存判断，单位 GiB，也可写明单位（省略则读取本机）',
      ),
      flag(
        'corrected',
        'print the command with its sure faults put right; with --vram so that it fits',
        '输出改正后的命令；加 --vram 则同时改到放得下',
      ),
      flag('advised', 'with --corrected: with the advised changes too', '与 --corrected 同用：连同建议的改动'),
      flag(
        'diff',
        'with --corrected: as differences, needed and advised apart',
        '与 --corrected 同用：以差异形式分别给出必要与建议的改动',
      ),
      value(
        'shell',
        'SHELL',
        'with --corrected: for bash, cmd, powershell, or as toml',
        '与 --corrected 同用：写成 bash、cmd、powershell 或 toml',
        ['bash', 'cmd', 'powershell', 'toml'],
      ),
    ],
  },
  {
    name: 'preset',
    args: '[TASK]',
    help: { en: 'settings that fit a card', zh: '适合显卡的参数预设' },
    options: [
      JSON_FLAG,
      flag('plan', 'all that a card can do, on one page', '一页列出这张显卡能做的事'),
      flag('recipe', 'a much copied recipe, corrected line by line', '流传很广的配方，逐条更正'),
      CARD_MEMORY,
      value('gpu', 'NAME', 'name of the card', '显卡名称'),
      value('family', 'FAMILY', 'sd15, sdxl …', 'sd15、sdxl …'),
      value('for', 'TASK', 'train or generate', 'train（训练）或 generate（出图）', ['train', 'generate']),
      UI,
      value(
        'format',
        'FORMAT',
        'text, or a whole command or file: shell (bash), cmd, powershell, toml; args; ui (what to click); json',
        'text，或完整的命令与文件：shell（bash）、cmd、powershell、toml；args；ui（界面中的设置）；json',
        ['text', 'toml', 'shell', 'cmd', 'powershell', 'json', 'args', 'ui'],
      ),
    ],
  },
  {
    name: 'vram',
    args: '[-]',
    help: { en: 'how much video memory a set-up takes', zh: '预测一套设置的显存占用' },
    options: [
      JSON_FLAG,
      value('family', 'MODEL', 'sd15, sdxl, "Flux.1-dev" …', 'sd15、sdxl、"Flux.1-dev" …'),
      value('for', 'TASK', 'train or generate', 'train（训练）或 generate（出图）', ['train', 'generate']),
      value('task', 'TASK', 'lora, finetune, controlnet, txt2img …', 'lora、finetune、controlnet、txt2img …'),
      value('tool', 'NAME', 'sd-scripts, OneTrainer, ComfyUI, diffusers …', 'sd-scripts、OneTrainer、ComfyUI、diffusers …'),
      value('resolution', 'SIZE', '1024, 512x768 …', '1024、512x768 …'),
      value('frames', 'N', 'frames of a video', '视频帧数'),
      value('batch', 'N', 'pictures at a time', '批量'),
      value('rank', 'N', 'rank of the LoRA', 'LoRA 的秩'),
      value('optimizer', 'NAME', 'AdamW8bit, Adafactor …', 'AdamW8bit、Adafactor …'),
      value('precision', 'WORDS', 'fp16, "nf4", "int4 base, bf16 LoRA" …', 'fp16、"nf4"、"int4 base, bf16 LoRA" …'),
      value('blocks-to-swap', 'N', 'blocks in system memory', '换到内存的块数'),
      flag('fp8-base', 'base model in fp8', '底模使用 fp8'),
      flag('gradient-checkpointing', 'gradient checkpointing', '梯度检查点'),
      flag('cache-latents', 'latents are cached', '缓存潜变量'),
      flag('cache-text-encoder', 'text encoder outputs are cached', '缓存文本编码器输出'),
      value('flags', 'WORDS', 'what else is set, in words: "--medvram", "VAE tiling" …', '其他设置："--medvram"、"VAE tiling" …'),
      value('gpu', 'NAME', 'name of the card (left out: this machine’s)', '显卡名称（省略则读取本机）'),
      CARD_MEMORY,
    ],
  },
  {
    name: 'explain',
    args: 'RULE|CAUSE|BELIEF',
    help: { en: 'what a finding means and how it is decided', zh: '解释某个结论及其判断依据' },
    options: [JSON_FLAG, RULES],
  },
  {
    name: 'rules',
    args: 'list|test',
    help: { en: 'the rules, and their examples as tests', zh: '列出规则，或运行规则自带的用例' },
    options: [JSON_FLAG, RULES],
  },
  {
    name: 'demo',
    args: '',
    help: { en: 'a small faulty install to look at; needs no GPU', zh: '演示用的问题安装；无需显卡' },
    options: [JSON_FLAG],
  },
];

/** Words of the contract that later versions will have; named here so that the answer is honest. */
export const NOT_YET = ['fix', 'undo', 'open', 'triage', 'completions'];
