import { bool, code, num, text } from '../define';

/** What holds for every model file, whatever it is: where it stands and whether it is whole. Spread into each kind's facts. */
export const modelFile = {
  name: [text(), { en: 'Name (path in its folder)', zh: '名称（文件夹内路径）' }],
  stem: [text(), { en: 'File name without extension', zh: '不含扩展名的文件名' }],
  file: [text(), { en: 'File name', zh: '文件名' }],
  size: [num('bytes'), { en: 'File size', zh: '文件大小' }],
  mtime: [text(), { en: 'Last change of the file', zh: '文件修改时间' }],
  container: [code('container'), { en: 'Kind of file by content', zh: '按内容判断的文件类型' }],
  containerOk: [bool(), { en: 'File is complete and readable', zh: '文件完整且可读' }],
  containerError: [code('container-fault'), { en: 'Why the file cannot be read', zh: '文件无法读取的原因' }],
  missingBytes: [num('bytes'), { en: 'Bytes that are missing at the end', zh: '文件末尾缺少的字节数' }],
  dtype: [text(), { en: 'Number format', zh: '数值格式' }],
} as const;
