import { WIRING_PROBLEMS } from '../../formats/comfy-graph/wiring';
import { OUTCOMES } from '../../formats/prompt/outcome';
import { RESOLUTIONS } from '../../formats/prompt/resolve';
import { bool, defineFacts, num, oneOf, text, texts } from '../define';
import { FAMILIES, UIS } from '../families';
import { PROMPT_SOURCES } from './prompt';

/** One LoRA asked for by one generation, joined with the file it resolves to by that program's own rules. */
export const useFacts = [
  ...defineFacts('use', 'prompts', {
    name: [text(), { en: 'Name as asked for', zh: '请求时使用的名称' }],
    ui: [oneOf(UIS), { en: 'Program', zh: '程序' }],
    strength: [num('ratio'), { en: 'Strength on the U-Net', zh: '对 U-Net 的强度' }],
    strengthTe: [num('ratio'), { en: 'Strength on the text encoder', zh: '对文本编码器的强度' }],
    source: [oneOf(PROMPT_SOURCES), { en: 'Where this was read', zh: '信息来源' }],
    recent: [bool(), { en: 'Belongs to the last session', zh: '属于最近一次使用' }],
    promptIndex: [num(), { en: 'Place of the generation, 0 is the newest', zh: '所属生成的次序（0 为最新）' }],
    finished: [
      bool(),
      {
        en: 'A picture of this generation exists',
        zh: '该次生成有对应图片',
        about: {
          en: 'ComfyUI refuses to run a graph with an unknown file name, so there a finished picture proves that the file was in the list at that time; A1111 and its forks run all the same.',
          zh: 'ComfyUI 会拒绝运行文件名不存在的节点图，因此已有图片说明当时能找到该文件；A1111 及其分支则照常运行。',
        },
      },
    ],
    outcome: [
      oneOf(OUTCOMES),
      {
        en: 'What becomes of it',
        zh: '实际结果',
        about: {
          en: 'loads: a file is read and applied. loads-if-present: the files are not known. all-off-…: the program leaves out every LoRA of this generation, because a tag is no number or (Forge, reForge, Classic) another LoRA is missing.',
          zh: 'loads：会读取并应用文件。loads-if-present：文件列表未知。all-off-…：该次生成的全部 LoRA 都会被跳过，原因是某个标签数值无效，或（Forge、reForge、Classic）另一个 LoRA 缺失。',
        },
      },
    ],
    active: [bool(), { en: 'Switched on in the source', zh: '在来源中处于启用状态' }],
    position: [num(), { en: 'Place among the LoRAs of the generation, from 0', zh: '在该次生成的 LoRA 中的位置（从 0 起）' }],
    count: [num(), { en: 'Times this LoRA is named in the generation', zh: '该 LoRA 在该次生成中出现的次数' }],
    wiring: [texts(WIRING_PROBLEMS), { en: 'Faults in how its node is connected', zh: '其节点的连接问题' }],
    nodeType: [text(), { en: 'Node type', zh: '节点类型' }],
  }),
  ...defineFacts('use', 'prompts', {
    resolution: [
      oneOf(RESOLUTIONS),
      {
        en: 'How the name resolves',
        zh: '名称解析结果',
        about: {
          en: 'By the rules of the program: A1111 and its forks compare file stems and training names, case-sensitive; ComfyUI compares the relative path with extension; SD.Next replaces dots by underscores.',
          zh: '按程序自身规则：A1111 及其分支按文件名（不含扩展名）与训练名匹配且区分大小写；ComfyUI 按含扩展名的相对路径匹配；SD.Next 将点替换为下划线。',
        },
      },
    ],
    found: [bool(), { en: 'The program finds a file for this name', zh: '程序能找到对应文件' }],
    nearest: [text(), { en: 'Closest name that would be found', zh: '最接近的可用名称' }],
    foundPath: [text(), { en: 'File used, or the one that was meant', zh: '实际使用或疑似所指的文件', sensitivity: 'path' }],
    extensionGiven: [bool(), { en: 'The name has a file extension', zh: '名称含扩展名' }],
    inHashes: [
      oneOf(['yes', 'no', 'unknown']),
      {
        en: 'The program lists it as loaded (Lora hashes)',
        zh: '程序记录为已加载（Lora hashes）',
        about: {
          en: 'yes proves only that the file was read, not that it fits. no with other entries present: it was not loaded.',
          zh: 'yes 只说明文件被读取，不代表适配。若有其他条目而此项为 no，则未被加载。',
        },
      },
    ],
    hash: [text(), { en: 'Short hash in the picture', zh: '图片中记录的短哈希' }],
    effect: [
      oneOf(['changes', 'none', 'unknown']),
      {
        en: 'Compared with a picture of the same seed and settings without it',
        zh: '与相同种子和设置、但未使用该 LoRA 的图片对比',
        about: {
          en: 'none: both pictures are equal to the last bit. changes: they differ. unknown: no such pair.',
          zh: 'none：两张图片完全相同。changes：有差异。unknown：没有可对比的图片。',
        },
      },
    ],
    triggerPresent: [bool(), { en: 'A trigger word of this LoRA is in the prompt', zh: '提示词中含有其触发词' }],
    triggerWords: [texts(), { en: 'Trigger words of this LoRA', zh: '该 LoRA 的触发词' }],
    emphasisedParts: [
      texts(),
      {
        en: 'Body parts of this LoRA that the prompt weights up or names again',
        zh: '提示词中被加权或重复书写、且属于该 LoRA 的身体部位',
      },
    ],
    partPush: [num('ratio'), { en: 'Strength times the summed weights of such a word', zh: '强度乘以该词权重之和' }],
    familyMatches: [bool(), { en: 'LoRA and checkpoint are of fitting families', zh: 'LoRA 与底模系列匹配' }],
    loraFamily: [oneOf(FAMILIES), { en: 'Model family of the LoRA', zh: 'LoRA 所属系列' }],
    checkpointFamily: [oneOf(FAMILIES), { en: 'Model family of the checkpoint', zh: '底模所属系列' }],
  }),
];
