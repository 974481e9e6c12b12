import type { Bilingual, CodeList } from '../facts/define';

/** What the codes of `container.error` mean. */
export const CONTAINER_FAULTS: Readonly<Record<string, Bilingual>> = {
  empty: { en: 'the file is empty: a failed download', zh: '文件为空，下载失败' },
  zeros: { en: 'nothing but zeros: the space was reserved and never written', zh: '内容全为零：空间已预留，但数据没有写入' },
  picture: { en: 'a picture, no model', zh: '这是图片，不是模型' },
  'lfs-pointer': {
    en: 'a git-lfs pointer; the model itself was not downloaded (git lfs pull)',
    zh: '这是 git-lfs 指针，模型本身没有下载（请执行 git lfs pull）',
  },
  html: { en: 'a web page, no model', zh: '保存下来的是网页，不是模型' },
  json: {
    en: 'JSON text, no model (perhaps the error message of a server)',
    zh: '内容是 JSON 文本，不是模型（可能是服务器的错误信息）',
  },
  text: { en: 'plain text, no model', zh: '内容是纯文本，不是模型' },
  zip: { en: 'a zip archive that wants unpacking first', zh: '这是 zip 压缩包，请先解压' },
  'zip-end-missing': { en: 'the end of the zip is missing: cut off', zh: 'zip 结尾缺失，文件被截断' },
  'zip-broken': { en: 'the list of the zip is damaged', zh: 'zip 目录已损坏' },
  unknown: { en: 'a kind of file that is not known', zh: '无法识别的文件类型' },
  'header-too-small': {
    en: 'shorter than the 8 bytes that a safetensors file begins with',
    zh: '文件比 safetensors 开头的 8 个字节还短',
  },
  'header-too-large': {
    en: 'a header above the 100,000,000 bytes that the format allows',
    zh: '文件头长度超过格式允许的 100,000,000 字节',
  },
  'invalid-header-length': { en: 'the header is said to be longer than the file', zh: '开头声明的文件头长度超出文件本身' },
  'invalid-header-utf8': { en: 'the header is no UTF-8', zh: '文件头不是有效的 UTF-8' },
  'invalid-header-json': { en: 'the header is no JSON', zh: '文件头不是有效的 JSON' },
  'invalid-offset': { en: 'places of tensors overlap or leave gaps', zh: '张量的位置互相重叠或不连续' },
  'tensor-invalid-info': { en: 'the shape of a tensor does not fit its bytes', zh: '张量的形状与其字节数不符' },
  'metadata-incomplete-buffer': { en: 'the file has another length than its header says', zh: '文件长度与文件头所述不符' },
  'validation-overflow': { en: 'a tensor larger than can be counted', zh: '张量的大小超出可表示的范围' },
  'misaligned-slice': { en: 'a tensor that does not end at a whole byte', zh: '张量没有按字节对齐' },
  'changed-while-reading': { en: 'it changed while it was read', zh: '读取期间文件发生了变化' },
  budget: { en: 'beyond what is looked at', zh: '超出本程序检查的范围' },
  'unreadable-missing': { en: 'it is gone', zh: '文件已不存在' },
  'unreadable-permission': { en: 'no permission to read it', zh: '没有读取权限' },
  'unreadable-not-a-file': { en: 'no regular file', zh: '不是普通文件' },
  'unreadable-too-large': { en: 'too large', zh: '文件过大' },
  'unreadable-being-written': { en: 'it is being written; look again when it is done', zh: '文件正在写入，请在写完后再检查' },
  'unreadable-io': { en: 'an error while reading', zh: '读取出错' },
};

/** What the kinds of `container` are; those without an entry (safetensors, gguf) are names. */
const CONTAINER_KINDS: Readonly<Record<string, Bilingual>> = {
  'truncated-safetensors': { en: 'a safetensors file that was cut off', zh: '被截断的 safetensors 文件' },
  'truncated-file': { en: 'a file whose data never came', zh: '只有占位、没有数据的文件' },
  'truncated-zip': { en: 'a zip archive that was cut off', zh: '被截断的 zip 压缩包' },
  'truncated-pickle-zip': { en: 'a PyTorch file that was cut off', zh: '被截断的 PyTorch 文件' },
  'pickle-zip': { en: 'a PyTorch file (pickle in a zip)', zh: 'PyTorch 文件（zip 内的 pickle）' },
  pickle: { en: 'a pickle file', zh: 'pickle 文件' },
  html: { en: 'a web page (HTML)', zh: '网页（HTML）' },
  json: { en: 'JSON text', zh: 'JSON 文本' },
  text: { en: 'plain text', zh: '纯文本' },
  'lfs-pointer': { en: 'a git-lfs pointer', zh: 'git-lfs 指针' },
  zip: { en: 'a zip archive', zh: 'zip 压缩包' },
  png: { en: 'a picture (PNG)', zh: '图片（PNG）' },
  empty: { en: 'nothing: it is empty', zh: '空文件' },
  unknown: { en: 'of no known kind', zh: '未知类型' },
};

const VERDICTS: Readonly<Record<string, Bilingual>> = {
  sound: { en: 'sound', zh: '正常' },
  nan: { en: 'holds NaN', zh: '含 NaN' },
  inf: { en: 'holds infinite values', zh: '含无穷值' },
  dead: { en: 'changes nothing', zh: '没有任何改动' },
  'partly-dead': { en: 'changes nothing in parts', zh: '部分模块没有改动' },
  overcooked: { en: 'changes the model far more than usual', zh: '改动远超正常' },
  suspicious: { en: 'something in it is odd', zh: '有可疑之处' },
};

/** What the codes of each list mean, for people. A code without an entry is shown as it is. */
export const CODE_WORDS: Readonly<Record<CodeList, Readonly<Record<string, Bilingual>>>> = {
  container: CONTAINER_KINDS,
  'container-fault': CONTAINER_FAULTS,
  'weights-verdict': VERDICTS,
};
