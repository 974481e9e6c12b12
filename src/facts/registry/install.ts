import { COMFY_PATH_PROBLEMS } from '../../formats/comfy-path-problems';
import { STYLE_PROBLEMS } from '../../formats/prompt/styles';
import { PACKAGE_SOURCES, PYTHON_ORIGINS } from '../../formats/python-env';
import { SETTINGS_FAULTS } from '../../formats/settings-fault';
import { SETTINGS_SLIPS } from '../../formats/settings-text';
import { bool, defineFacts, num, oneOf, records, text, texts, version } from '../define';
import { UIS } from '../families';

/** How a program got onto the disk. */
export const LAYOUTS = [
  'git',
  'portable',
  'zip',
  'aki',
  'li',
  'stability-matrix',
  'pinokio',
  'desktop',
  'docker',
  'unknown',
] as const;
export type Layout = (typeof LAYOUTS)[number];

/** Why a folder that looks like a LoRA folder is not scanned by this program. */
export const UNSCANNED_REASONS = [
  'yaml-key', // a key of extra_model_paths.yaml that ComfyUI does not know
  'yaml-not-read', // a yaml that ComfyUI does not open, or that stops it
  'doubled-folder', // in the outer one of two nested folders
  'wrong-name', // lora, Loras … where the program looks for another name
  'lycoris-not-scanned', // models/LyCORIS in a program that dropped it
  'moved-by-flag', // the default place, while a flag or a setting names another
  'backend-folder', // of the ComfyUI that SwarmUI starts for itself
  'other-install', // belongs to another program beside this one
  'overridden-setting', // a folder setting without effect
] as const;
export type UnscannedReason = (typeof UNSCANNED_REASONS)[number];

export const FLAG_PROBLEMS = ['unknown', 'ambiguous', 'value-missing', 'removed', 'ignored', 'conflict'] as const;

const path = { sensitivity: 'path' } as const;

/** What a program is, where it keeps its models and how it is started. webui-a1111-family.md §1–2, webui-comfyui-and-others.md. */
export const installFacts = [
  ...defineFacts('install', 'install', {
    ui: [oneOf(UIS), { en: 'Program', zh: '程序' }],
    os: [
      oneOf(['windows', 'linux', 'macos', 'unknown']),
      { en: 'System that the install was made for', zh: '安装所属的操作系统' },
    ],
    path: [text(), { en: 'Folder of the program', zh: '程序所在文件夹', ...path }],
    dataPath: [text(), { en: 'Folder of settings, models and pictures', zh: '数据文件夹（设置、模型与图片）', ...path }],
    version: [version(), { en: 'Version of the program', zh: '程序版本' }],
    commit: [text(), { en: 'Git commit', zh: 'Git 提交' }],
    branch: [text(), { en: 'Git branch', zh: 'Git 分支' }],
    remote: [text(), { en: 'Git remote', zh: 'Git 远程仓库地址', sensitivity: 'personal' }],
    layout: [oneOf(LAYOUTS), { en: 'Kind of package', zh: '安装方式' }],
    args: [texts(), { en: 'Command-line arguments', zh: '启动参数', sensitivity: 'path' }],
    argsSource: [text(), { en: 'File that sets the arguments', zh: '设置启动参数的文件', ...path }],
    argsCertain: [
      bool(),
      {
        en: 'Arguments are known for certain',
        zh: '启动参数是否确定',
        about: {
          en: 'False when a launcher keeps its own arguments, when several start scripts differ, or when a script computes them.',
          zh: '如果启动器自行保存参数、多个启动脚本不一致，或脚本动态生成参数，则为否。',
        },
      },
    ],
    argsBroken: [text(), { en: 'Why the arguments cannot be split (quoting)', zh: '启动参数无法解析的原因（引号）' }],
    lostBackslashes: [
      bool(),
      { en: 'An unquoted Windows path in the arguments loses its backslashes', zh: '启动参数中未加引号的路径会丢失反斜杠' },
    ],
    flags: [texts(), { en: 'Options in effect', zh: '生效的启动选项' }],
    flagProblems: [
      records({ flag: 'text', kind: FLAG_PROBLEMS, detail: 'text' }),
      { en: 'Options that this program does not accept or ignores', zh: '程序不接受或忽略的启动选项' },
    ],
    badFlags: [texts(), { en: 'Options that stop this program at the start', zh: '会使程序无法启动的选项' }],
    ignoredFlags: [texts(), { en: 'Options without effect in this program', zh: '对该程序无效的选项' }],
    noHalf: [bool(), { en: '--no-half or its equivalent: everything in fp32', zh: '--no-half 或等效选项（全部使用 fp32）' }],
    noHalfVae: [bool(), { en: '--no-half-vae or its equivalent: VAE in fp32', zh: '--no-half-vae 或等效选项（VAE 使用 fp32）' }],
    forceFp16: [bool(), { en: 'Half precision is forced (model)', zh: '强制使用半精度（模型）' }],
    fp16Vae: [bool(), { en: 'Half precision is forced (VAE)', zh: '强制使用半精度（VAE）' }],
    medvram: [bool(), { en: '--medvram', zh: '--medvram' }],
    medvramSdxl: [bool(), { en: '--medvram-sdxl', zh: '--medvram-sdxl' }],
    lowvram: [bool(), { en: '--lowvram or its equivalent', zh: '--lowvram 或等效选项' }],
    upcastSampling: [bool(), { en: '--upcast-sampling', zh: '--upcast-sampling' }],
    upcastAttention: [bool(), { en: 'Cross attention in fp32', zh: '交叉注意力使用 fp32' }],
    disableNanCheck: [bool(), { en: '--disable-nan-check', zh: '--disable-nan-check' }],
    useXformers: [bool(), { en: 'xFormers is asked for', zh: '要求使用 xFormers' }],
    useSage: [bool(), { en: 'SageAttention is asked for', zh: '要求使用 SageAttention' }],
    useFlash: [bool(), { en: 'FlashAttention is asked for', zh: '要求使用 FlashAttention' }],
    port: [num(), { en: 'Port', zh: '端口' }],
    listen: [bool(), { en: 'Reachable from other machines', zh: '允许其他机器访问' }],
    api: [bool(), { en: 'HTTP API is on', zh: '已开启 API' }],
    skipTorchCudaTest: [bool(), { en: '--skip-torch-cuda-test', zh: '--skip-torch-cuda-test' }],
    cpuOnly: [bool(), { en: 'Runs on the CPU only', zh: '仅使用 CPU' }],
    noHashing: [bool(), { en: '--no-hashing', zh: '--no-hashing' }],
  }),
  ...defineFacts('install', 'install', {
    loraFolders: [texts(), { en: 'Folders searched for LoRAs, in order', zh: '搜索 LoRA 的文件夹（按顺序）', ...path }],
    lycorisFolders: [texts(), { en: 'Separate LyCORIS folders among them', zh: '其中单独的 LyCORIS 文件夹', ...path }],
    checkpointFolders: [
      texts(),
      { en: 'Folders searched for checkpoints and diffusion models', zh: '搜索底模的文件夹', ...path },
    ],
    vaeFolders: [texts(), { en: 'Folders searched for VAEs', zh: '搜索 VAE 的文件夹', ...path }],
    encoderFolders: [texts(), { en: 'Folders searched for text encoders', zh: '搜索文本编码器的文件夹', ...path }],
    embeddingFolders: [
      texts(),
      { en: 'Folders searched for embeddings', zh: '搜索嵌入式（Textual Inversion）的文件夹', ...path },
    ],
    outputFolders: [texts(), { en: 'Folders of finished pictures', zh: '输出图片的文件夹', ...path }],
    workflowFolders: [texts(), { en: 'Folders of saved workflows', zh: '保存工作流的文件夹', ...path }],
    missingFolders: [
      texts(),
      { en: 'Folders named by the configuration that do not exist', zh: '配置中指定但不存在的文件夹', ...path },
    ],
    missingLoraFolders: [
      texts(),
      { en: 'LoRA folders named by flag or setting that do not exist', zh: '由参数或设置指定但不存在的 LoRA 文件夹', ...path },
    ],
    unscannedLoraFolders: [
      texts(),
      {
        en: 'Folders with model files that look like LoRA folders but are not searched',
        zh: '形似 LoRA 文件夹但未被搜索的文件夹',
        ...path,
      },
    ],
    unscannedLoraReasons: [
      records({ path: 'text', reason: UNSCANNED_REASONS, files: 'number' }),
      {
        en: 'Why such folders are not searched, and how many model files they hold',
        zh: '这些文件夹未被搜索的原因及其中模型文件数',
        ...path,
      },
    ],
    extraPathProblems: [
      records({
        kind: COMFY_PATH_PROBLEMS,
        path: 'text',
        line: 'number',
        key: 'text',
        value: 'text',
        near: 'text',
      }),
      { en: 'Problems in extra_model_paths.yaml', zh: 'extra_model_paths.yaml 中的问题', ...path },
    ],
    registeredLoras: [texts(), { en: 'LoRAs in the database of InvokeAI', zh: 'InvokeAI 数据库中的 LoRA' }],
    registeredWithoutFile: [
      records({ name: 'text', type: 'text', base: 'text', path: 'text' }),
      { en: 'Models in the database whose file is gone', zh: '数据库中已登记但文件不存在的模型', ...path },
    ],
    unregisteredFiles: [texts(), { en: 'Model files that the database does not know', zh: '数据库中未登记的模型文件', ...path }],
    logFolders: [texts(), { en: 'Folders of log files', zh: '日志所在文件夹', ...path }],
    logFiles: [texts(), { en: 'Log files', zh: '日志文件', ...path }],
    paramsFile: [text(), { en: 'params.txt (last generation)', zh: 'params.txt（最近一次生成）', ...path }],
    configFile: [text(), { en: 'Settings file', zh: '设置文件', ...path }],
  }),
  ...defineFacts('install', 'install', {
    python: [version(), { en: 'Python version', zh: 'Python 版本' }],
    pythonBits: [oneOf(['32', '64', 'unknown']), { en: 'Python word size', zh: 'Python 位数' }],
    pythonOrigin: [oneOf(PYTHON_ORIGINS), { en: 'Whose Python it is', zh: 'Python 来源' }],
    expectedPython: [text(), { en: 'Python versions this program runs with', zh: '该程序支持的 Python 版本' }],
    pythonFits: [bool(), { en: 'The Python version is one of them', zh: 'Python 版本是否受支持' }],
    sitePackages: [text(), { en: 'Folder of the Python packages', zh: 'Python 包所在文件夹', ...path }],
    torch: [version(), { en: 'PyTorch version', zh: 'PyTorch 版本' }],
    torchCuda: [
      text(),
      {
        en: 'What the PyTorch build is for: 12.1, cpu, rocm6.2 …',
        zh: 'PyTorch 的构建目标：12.1、cpu、rocm6.2 等',
      },
    ],
    torchBuild: [oneOf(['cuda', 'rocm', 'cpu', 'xpu', 'other']), { en: 'Kind of PyTorch build', zh: 'PyTorch 构建类型' }],
    torchCudaVersion: [version(), { en: 'CUDA version of the PyTorch build', zh: 'PyTorch 构建所用的 CUDA 版本' }],
    torchExpected: [version(), { en: 'PyTorch version this program is tested with', zh: '该程序测试所用的 PyTorch 版本' }],
    torchMatches: [bool(), { en: 'PyTorch is at least that version', zh: 'PyTorch 版本不低于该版本' }],
    torchvisionMatches: [bool(), { en: 'torchvision belongs to this PyTorch', zh: 'torchvision 与 PyTorch 版本相配' }],
    xformers: [version(), { en: 'xFormers version', zh: 'xFormers 版本' }],
    xformersBuiltFor: [
      version(),
      { en: 'PyTorch version that this xFormers is built for', zh: '该 xFormers 对应的 PyTorch 版本' },
    ],
    xformersRequested: [bool(), { en: 'xFormers is asked for by a flag', zh: '启动参数要求使用 xFormers' }],
    xformersProblem: [bool(), { en: 'xFormers is built for another PyTorch', zh: 'xFormers 与 PyTorch 版本不匹配' }],
    packages: [
      records({ name: 'text', version: 'text', source: PACKAGE_SOURCES }),
      { en: 'Python packages of interest', zh: '相关的 Python 包' },
    ],
    packageNames: [texts(), { en: 'Names of all installed Python packages', zh: '已安装的 Python 包名' }],
    missingPackages: [
      texts(),
      { en: 'Packages the program cannot start without that are not installed', zh: '缺少的必需 Python 包' },
    ],
    duplicatePackages: [texts(), { en: 'Packages that are listed more than once', zh: '重复登记的 Python 包' }],
    unclearPackages: [
      texts(),
      { en: 'Packages of the program that are listed more than once', zh: '重复登记的程序所需 Python 包' },
    ],
    brokenPackages: [texts(), { en: 'Packages whose listing is empty or damaged', zh: '登记信息为空或损坏的 Python 包' }],
    interruptedPackages: [texts(), { en: 'Leftovers of an interrupted package upgrade', zh: '中断的包升级留下的残余' }],
  }),
  ...defineFacts('install', 'install', {
    configState: [oneOf(['ok', 'missing', 'broken', 'unreadable']), { en: 'State of the settings file', zh: '设置文件的状态' }],
    configFault: [oneOf(SETTINGS_FAULTS), { en: 'What is wrong with the settings file', zh: '设置文件的问题' }],
    configFaultLine: [num(), { en: 'Line of that fault', zh: '该问题所在的行' }],
    configFaultColumn: [num(), { en: 'Character of that line', zh: '该行中的第几个字符' }],
    configEncoding: [text(), { en: 'Encoding of the settings file', zh: '设置文件的编码' }],
    configSlip: [oneOf(SETTINGS_SLIPS), { en: 'Slip of the hand in the settings file', zh: '设置文件中的笔误' }],
    configSlipPlace: [text(), { en: 'Line and character of that slip', zh: '该笔误的行与列' }],
    configMeant: [
      texts(),
      { en: 'Settings that can still be read in a broken file', zh: '损坏的设置文件中仍可辨认的设置', ...path },
    ],
    configBackup: [text(), { en: 'Newest whole copy of the settings file', zh: '设置文件最新的完好副本', ...path }],
    configRepeats: [texts(), { en: 'Settings that stand more than once, with lines', zh: '重复出现的设置及其行号', ...path }],
    styleCount: [num(), { en: 'Styles in styles.csv', zh: 'styles.csv 中的预设样式数' }],
    styleTags: [
      records({ name: 'text', prompt: 'text', negative: 'text' }),
      { en: 'Styles that hold a tag such as <lora:…>', zh: '包含 <lora:…> 等标签的预设样式', sensitivity: 'personal' },
    ],
    styleProblems: [
      records({ path: 'text', kind: STYLE_PROBLEMS, line: 'number' }),
      { en: 'Rows of styles.csv that give no style', zh: 'styles.csv 中无法读取的行', ...path },
    ],
    vaeSetting: [text(), { en: 'VAE chosen in the settings', zh: '设置中选择的 VAE' }],
    vaeMissing: [bool(), { en: 'That VAE does not exist', zh: '所选 VAE 不存在' }],
    checkpointSetting: [text(), { en: 'Checkpoint chosen in the settings', zh: '设置中选择的底模' }],
    loraExtensionDisabled: [bool(), { en: 'The built-in Lora extension is switched off', zh: '内置 Lora 扩展已被禁用' }],
    hideUnknownFor: [
      texts(),
      { en: 'Base-model versions for which LoRAs of unknown version are hidden', zh: '对这些版本隐藏未知版本的 LoRA' },
    ],
    showAllLoras: [bool(), { en: 'LoRAs of every base version are shown', zh: '显示所有底模版本的 LoRA' }],
    presetFilter: [bool(), { en: 'Only LoRAs of the chosen preset are shown', zh: '只显示所选预设的 LoRA' }],
    listHiddenFiles: [bool(), { en: 'Files in hidden folders are listed', zh: '列出隐藏文件夹中的文件' }],
    inHiddenFolder: [bool(), { en: 'A LoRA folder lies below a hidden folder', zh: 'LoRA 文件夹位于隐藏目录之下' }],
    preferredName: [text(), { en: 'How LoRAs are called in prompts: Alias from file, Filename', zh: '提示词中引用 LoRA 的方式' }],
    alwaysAddedLora: [text(), { en: 'LoRA added to every prompt by a setting', zh: '设置中自动添加到每个提示词的 LoRA' }],
    upcastAttentionSetting: [bool(), { en: 'Setting: upcast cross attention to float32', zh: '设置：交叉注意力提升为 float32' }],
    fp8Storage: [text(), { en: 'FP8 weight storage', zh: 'FP8 权重存储' }],
    forgePreset: [text(), { en: 'Forge preset', zh: 'Forge 预设' }],
    forgeModules: [
      texts(),
      { en: 'Forge: additional modules (VAE, text encoders)', zh: 'Forge：附加模块（VAE、文本编码器）', ...path },
    ],
    forgeModulesMissing: [texts(), { en: 'Additional modules that do not exist', zh: '不存在的附加模块', ...path }],
    clipSkip: [num(), { en: 'Clip skip', zh: 'Clip 跳过层数' }],
    extensions: [texts(), { en: 'Extensions', zh: '扩展' }],
    disabledExtensions: [texts(), { en: 'Extensions that are switched off', zh: '已禁用的扩展' }],
    customNodes: [texts(), { en: 'Custom nodes', zh: '自定义节点' }],
    sdnextLoraApplyTe: [
      bool(),
      { en: 'SD.Next applies the text-encoder part of LoRAs', zh: 'SD.Next 是否应用 LoRA 的文本编码器部分' },
    ],
  }),
];

/** The model that Forge or Neo would load, and what goes with it; known once requests and model files are read. */
export const chosenFacts = defineFacts('install', 'prompts', {
  chosenModel: [text(), { en: 'Checkpoint in use', zh: '正在使用的底模' }],
  chosenBare: [bool(), { en: 'It has no text encoder inside', zh: '该底模文件不含文本编码器' }],
  chosenEncoders: [num(), { en: 'Text encoders chosen beside it', zh: '另外选择的文本编码器数量' }],
});
