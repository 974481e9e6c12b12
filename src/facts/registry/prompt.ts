import { WIRING_PROBLEMS } from '../../formats/comfy-graph/wiring';
import { PROBLEM_KINDS } from '../../formats/prompt/tag';
import { bool, defineFacts, num, oneOf, records, text, texts, version } from '../define';
import { FAMILIES, UIS } from '../families';

/** Where a generation was read: the last attempt, a finished picture, a saved workflow, settings, or words given by the user. */
export const PROMPT_SOURCES = ['params', 'image', 'graph', 'workflow', 'config', 'text'] as const;

const personal = { sensitivity: 'personal' } as const;

/** One generation that was asked for. webui-a1111-family.md §3 and §7, webui-comfyui-and-others.md A4. */
export const promptFacts = [
  ...defineFacts('prompt', 'prompts', {
    source: [
      oneOf(PROMPT_SOURCES),
      {
        en: 'Where this generation was read',
        zh: '该次生成的信息来源',
        about: {
          en: 'params: params.txt, the last attempt (perhaps failed). image: infotext of a picture. graph: ComfyUI graph in a picture. workflow: a saved workflow. config: defaults in the settings.',
          zh: 'params：params.txt，即最近一次尝试（可能失败）。image：图片内的参数。graph：图片内的 ComfyUI 节点图。workflow：已保存的工作流。config：设置中的默认值。',
        },
      },
    ],
    path: [text(), { en: 'File', zh: '文件', sensitivity: 'path' }],
    ui: [oneOf(UIS), { en: 'Program', zh: '程序' }],
    index: [num(), { en: 'Place among the generations, 0 is the newest', zh: '在各次生成中的次序（0 为最新）' }],
    recent: [
      bool(),
      {
        en: 'Belongs to the last session (at most 12 hours before the newest)',
        zh: '属于最近一次使用（与最新一次相差不超过 12 小时）',
      },
    ],
    finished: [bool(), { en: 'A picture of this generation exists', zh: '该次生成有对应图片' }],
    count: [num(), { en: 'Pictures with the same request', zh: '相同请求的图片数' }],
    length: [num(), { en: 'Length of the prompt in characters', zh: '提示词长度（字符）' }],
    positive: [text(), { en: 'Prompt', zh: '正向提示词', ...personal }],
    negative: [text(), { en: 'Negative prompt', zh: '负向提示词', ...personal }],
    tags: [texts(), { en: 'LoRA tags in the prompt', zh: '提示词中的 LoRA 标签' }],
    tagProblems: [
      records({ kind: PROBLEM_KINDS, text: 'text', at: 'number' }),
      { en: 'Faults in the LoRA tags, with their place', zh: 'LoRA 标签的语法问题及位置' },
    ],
    problemKinds: [texts(PROBLEM_KINDS), { en: 'Kinds of faults in the LoRA tags', zh: 'LoRA 标签问题的种类' }],
    allOff: [bool(), { en: 'One bad tag switches all LoRAs off', zh: '一个错误标签使全部 LoRA 失效' }],
    wiring: [texts(WIRING_PROBLEMS), { en: 'Faults in how LoRA nodes are connected', zh: 'LoRA 节点的连接问题' }],
  }),
  ...defineFacts('prompt', 'prompts', {
    checkpoint: [text(), { en: 'Checkpoint', zh: '底模' }],
    checkpointHash: [text(), { en: 'Short hash of the checkpoint', zh: '底模短哈希' }],
    checkpointFamily: [oneOf(FAMILIES), { en: 'Model family of the checkpoint', zh: '底模所属系列' }],
    checkpointFound: [bool(), { en: 'The checkpoint is on this disk', zh: '能找到该底模文件' }],
    checkpointIsLora: [bool(), { en: 'The file chosen as checkpoint is a LoRA', zh: '被选作底模的文件其实是 LoRA' }],
    vae: [text(), { en: 'VAE', zh: 'VAE' }],
    ownVae: [bool(), { en: 'A VAE besides that of the checkpoint is named', zh: '指定了底模自带以外的 VAE' }],
    loader: [text(), { en: 'Node type that loads the base model', zh: '加载底模的节点类型' }],
    sampling: [
      text(),
      { en: 'Prediction type set by a ModelSamplingDiscrete node', zh: 'ModelSamplingDiscrete 节点设置的预测类型' },
    ],
    width: [num('pixels'), { en: 'Width', zh: '宽度' }],
    height: [num('pixels'), { en: 'Height', zh: '高度' }],
    steps: [num(), { en: 'Steps', zh: '步数' }],
    cfg: [num('ratio'), { en: 'CFG scale', zh: 'CFG' }],
    sampler: [text(), { en: 'Sampler', zh: '采样器' }],
    clipSkip: [num(), { en: 'Clip skip', zh: 'Clip 跳过层数' }],
    hires: [bool(), { en: 'Second pass at a higher resolution', zh: '高分辨率修复' }],
    batch: [num(), { en: 'Batch size', zh: '批量大小' }],
    version: [version(), { en: 'Version of the program', zh: '程序版本' }],
    loraHashes: [texts(), { en: 'LoRAs that the program says it loaded', zh: '程序记录为已加载的 LoRA' }],
    loraCount: [num(), { en: 'LoRAs asked for', zh: '请求的 LoRA 数量' }],
    usedCount: [num(), { en: 'LoRAs asked for that are found', zh: '其中能找到的数量' }],
    strengthSum: [num('ratio'), { en: 'Sum of the strengths (absolute values)', zh: '强度总和（绝对值）' }],
    maxStrength: [num('ratio'), { en: 'Largest strength (absolute value)', zh: '最大强度（绝对值）' }],
  }),
];
