import type { ContainerView } from '../formats/model/inspect';

/** Chinese for the codes of `container.error`; the English stands in the message itself. */
const ZH: { readonly [code: string]: string } = {
  empty: '文件为空，下载失败',
  zeros: '内容全为零：空间已预留，但数据没有写入',
  picture: '这是图片，不是模型',
  'lfs-pointer': '这是 git-lfs 指针，模型本身没有下载（请执行 git lfs pull）',
  html: '保存下来的是网页，不是模型',
  json: '内容是 JSON 文本，不是模型（可能是服务器的错误信息）',
  text: '内容是纯文本，不是模型',
  zip: '这是 zip 压缩包，请先解压',
  'zip-end-missing': 'zip 结尾缺失，文件被截断',
  'zip-broken': 'zip 目录已损坏',
  unknown: '无法识别的文件类型',
  'header-too-small': '文件比 safetensors 开头的 8 个字节还短',
  'header-too-large': '文件头长度超过格式允许的 100,000,000 字节',
  'invalid-header-length': '开头声明的文件头长度超出文件本身',
  'invalid-header-utf8': '文件头不是有效的 UTF-8',
  'invalid-header-json': '文件头不是有效的 JSON',
  'invalid-offset': '张量的位置互相重叠或不连续',
  'tensor-invalid-info': '张量的形状与其字节数不符',
  'metadata-incomplete-buffer': '文件长度与文件头所述不符',
  'validation-overflow': '张量的大小超出可表示的范围',
  'misaligned-slice': '张量没有按字节对齐',
  'changed-while-reading': '读取期间文件发生了变化',
  budget: '超出本程序检查的范围',
  'unreadable-missing': '文件已不存在',
  'unreadable-permission': '没有读取权限',
  'unreadable-not-a-file': '不是普通文件',
  'unreadable-too-large': '文件过大',
  'unreadable-being-written': '文件正在写入，请在写完后再检查',
  'unreadable-io': '读取出错',
};

/** Why a container is not read, in Chinese, with the reader's own words behind it. Holds raw names: `show()` it. */
export function containerFaultZh({ code, message }: NonNullable<ContainerView['error']>): string {
  const words = ZH[code] ?? (code.startsWith('foreign-') ? `这是 ${code.slice('foreign-'.length)} 文件，不是模型` : null);
  if (words === null) return message;
  return WORDED.has(code) || code.startsWith('foreign-') ? words : `${words}（${message}）`;
}

/** What the message adds nothing to. */
const WORDED: ReadonlySet<string> = new Set([
  'empty',
  'zeros',
  'picture',
  'lfs-pointer',
  'json',
  'text',
  'zip',
  'zip-end-missing',
  'unknown',
]);
