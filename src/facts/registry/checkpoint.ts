import { bool, defineFacts, oneOf, text, texts } from '../define';
import { FAMILIES } from '../families';
import { modelFile } from './model-file';

export const checkpointFacts = defineFacts('checkpoint', 'lora', {
  ...modelFile,
  kind: [text(), { en: 'What the file is', zh: '文件是什么' }],
  family: [oneOf(FAMILIES), { en: 'Model family', zh: '模型系列' }],
  familyConfidence: [oneOf(['certain', 'likely', 'guess']), { en: 'How sure the family is', zh: '系列判断的把握' }],
  familyVariant: [text(), { en: 'Which model of the family', zh: '系列中的哪个型号' }],
  lineage: [text(), { en: 'Fine-tune line', zh: '微调分支' }],
  hasVae: [bool(), { en: 'Has its own VAE', zh: '自带 VAE' }],
  textEncoders: [texts(), { en: 'Text encoders in the file', zh: '文件内的文本编码器' }],
  vpred: [bool(), { en: 'v-prediction model', zh: 'v-prediction 模型' }],
  folder: [oneOf(['checkpoint', 'other']), { en: 'Kind of folder it stands in', zh: '所在文件夹的类型' }],
  leftover: [bool(), { en: 'Left over from a download', zh: '下载残留文件' }],
  corruptedRename: [bool(), { en: 'Renamed by the program because it could not be read', zh: '因无法读取被程序改名' }],
  pickleVerdict: [text(), { en: 'Safety of the pickle', zh: 'pickle 安全性' }],
  pickleGlobals: [texts(), { en: 'Names that the pickle would import', zh: 'pickle 会导入的名称' }],
});
