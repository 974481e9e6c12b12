import { bool, defineFacts, num, oneOf, text, texts } from '../define';
import { FAMILIES } from '../families';

export const checkpointFacts = defineFacts('checkpoint', 'lora', {
  name: [text(), { en: 'Name (path in its folder)', zh: '名称（文件夹内路径）' }],
  stem: [text(), { en: 'File name without extension', zh: '不含扩展名的文件名' }],
  file: [text(), { en: 'File name', zh: '文件名' }],
  size: [num('bytes'), { en: 'File size', zh: '文件大小' }],
  mtime: [text(), { en: 'Last change of the file', zh: '文件修改时间' }],
  container: [text(), { en: 'Kind of file by content', zh: '按内容判断的文件类型' }],
  containerOk: [bool(), { en: 'File is complete and readable', zh: '文件完整且可读' }],
  containerError: [text(), { en: 'Why the file cannot be read', zh: '文件无法读取的原因' }],
  missingBytes: [num('bytes'), { en: 'Bytes that are missing at the end', zh: '文件末尾缺少的字节数' }],
  kind: [text(), { en: 'What the file is', zh: '文件是什么' }],
  family: [oneOf(FAMILIES), { en: 'Model family', zh: '模型系列' }],
  familyConfidence: [oneOf(['certain', 'likely', 'guess']), { en: 'How sure the family is', zh: '系列判断的把握' }],
  familyVariant: [text(), { en: 'Which model of the family', zh: '系列中的哪个型号' }],
  lineage: [text(), { en: 'Fine-tune line', zh: '微调分支' }],
  hasVae: [bool(), { en: 'Has its own VAE', zh: '自带 VAE' }],
  textEncoders: [texts(), { en: 'Text encoders in the file', zh: '文件内的文本编码器' }],
  vpred: [bool(), { en: 'v-prediction model', zh: 'v-prediction 模型' }],
  dtype: [text(), { en: 'Number format', zh: '数值格式' }],
  folder: [oneOf(['checkpoint', 'other']), { en: 'Kind of folder it stands in', zh: '所在文件夹的类型' }],
  leftover: [bool(), { en: 'Left over from a download', zh: '下载残留文件' }],
  corruptedRename: [bool(), { en: 'Renamed by the program because it could not be read', zh: '因无法读取被程序改名' }],
  pickleVerdict: [text(), { en: 'Safety of the pickle', zh: 'pickle 安全性' }],
  pickleGlobals: [texts(), { en: 'Names that the pickle would import', zh: 'pickle 会导入的名称' }],
});
