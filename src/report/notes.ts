import type { Bilingual } from '../facts/define';
import type { Note } from '../facts/snapshot';
import { show } from '../formats/show';
import type { Language } from '../i18n/language';
import { fillMessage } from '../i18n/messages';
import { formatBytes } from './format-value';

/**
 * Sentences for note codes that any check may use; `unreadable-…`, `budget-…` and `log-…` say which of them by their end. They
 * take the note's counts as messages do (`{n} {n?file:files}`). A code without one is shown as it is, with its detail.
 */
const SENTENCES: Readonly<Record<string, Bilingual>> = {
  missing: { en: 'is not there any more', zh: '已不存在' },
  permission: { en: 'no permission to read it', zh: '没有读取权限' },
  'not-a-file': { en: 'is not a regular file; left out', zh: '不是普通文件，已跳过' },
  'too-large': { en: 'is too large to be read whole; only a part was looked at', zh: '文件过大，只检查了一部分' },
  'being-written': { en: 'is being written; look again when it is complete', zh: '文件正在写入，请在写完后再检查' },
  io: { en: 'could not be read', zh: '无法读取' },
  entries: { en: 'too many files; the rest was not looked at', zh: '文件过多，其余未检查' },
  depth: { en: 'folders nested too deeply; the deeper ones were not looked at', zh: '文件夹层级过深，更深处未检查' },
  unreadable: { en: 'could not be read', zh: '无法读取' },
  damaged: { en: 'is damaged; what it says is not used', zh: '已损坏，未采用其内容' },
  'gpu-divided': {
    en: 'the card is divided into parts (MIG); a program gets one of them, so nothing is recommended for the card',
    zh: '显卡已划分为多个实例（MIG），程序只能使用其中一个，因此不针对整卡给出建议',
  },
  'no-install': { en: 'no WebUI was found there', zh: '该处没有找到 WebUI' },
  'too-many-files': { en: 'too many files; only the first {n} were looked at', zh: '文件过多，只检查了前 {n} 个' },
  bytes: { en: 'too much data for one run; its values were not looked at', zh: '数据量超过单次上限，未检查其数值' },
  'pixel-budget': {
    en: 'too much to decode in one run; not every picture was looked at',
    zh: '数据量超过单次上限，有图片未检查像素',
  },
  'log-tail-only': {
    en: 'a long log; only its end was read, {bytes} before it were not',
    zh: '日志很长，只读取了末尾部分，跳过了前 {bytes}',
  },
  'log-packed-cut': {
    en: 'a packed log; only its beginning could be read ({bytes})',
    zh: '压缩的日志，只读取了开头部分（{bytes}）',
  },
  'log-over': {
    en: 'an older log; the program has worked since, so it does not count',
    zh: '较旧的日志；程序此后曾正常运行，不作为依据',
  },
  'log-sessions-over': {
    en: '{n} older {n?start:starts} in this log {n?does:do} not count: a later one came up or worked',
    zh: '日志中较早的 {n} 次启动不作为依据：之后已启动成功或正常运行',
  },
  'log-sessions-dropped': {
    en: 'a log of many starts; the {n} oldest {n?was:were} left out',
    zh: '日志中启动次数很多，未采用最早的 {n} 次',
  },
  'log-lines-cut': {
    en: '{n} very long {n?line was:lines were} shortened ({bytes} left out)',
    zh: '有 {n} 行过长，已截短（略去 {bytes}）',
  },
  'log-nul-bytes': {
    en: 'holds {bytes} of NUL: a part that was never written, after a crash or on a full disk',
    zh: '含有 {bytes} 的 NUL 字节：因崩溃或磁盘写满而未写入的部分',
  },
  'trainer-not-known': {
    en: 'options of a program that is not known; only what holds for every trainer was judged',
    zh: '该训练程序的选项未知，只检查了所有训练器通用的内容',
  },
  'files-left-out': { en: 'many text files; only the first {n} were read', zh: '文本文件过多，只读取了前 {n} 个' },
  'pictures-left-out': { en: 'many training pictures; only the first {n} were opened', zh: '训练图片过多，只打开了前 {n} 张' },
  'picture-unreadable': { en: 'a training picture could not be opened', zh: '有训练图片无法打开' },
  'log-files-left-out': { en: 'many log files; the {n} oldest {n?was:were} left out', zh: '日志文件过多，未读取较旧的 {n} 个' },
  budget: { en: 'a limit was reached; the rest was not looked at', zh: '达到检查上限，其余未检查' },
  'check-failed': { en: 'this check failed; its facts are unknown', zh: '该项检查失败，其结果视为未知' },
  'check-timed-out': {
    en: 'this check had no answer within {seconds} s; its facts are unknown',
    zh: '该项检查在 {seconds} 秒内没有完成，其结果视为未知',
  },
  'live-not-running': {
    en: 'no program answers there; start it, or name its address: --live URL',
    zh: '该地址没有程序响应；请先启动，或指定地址：--live URL',
  },
  'live-no-answer': {
    en: 'something takes the connection there and gives no answer in time',
    zh: '该地址可以连接，但没有在时限内响应',
  },
  'live-other-program': { en: 'another program answers there, no WebUI', zh: '该地址是其他程序，并非 WebUI' },
  'live-unsure': { en: 'only one answer looks like a WebUI; it is not relied on', zh: '只有一个回答像是 WebUI，因此不予采信' },
  'live-api-off': {
    en: 'the WebUI runs without --api: only its list of LoRAs can be asked',
    zh: 'WebUI 未加 --api：只能询问 LoRA 列表',
  },
  'live-locked': {
    en: 'it asks for a user name and password: --live http://USER:PASSWORD@127.0.0.1:7860',
    zh: '需要用户名与密码：--live http://用户:密码@127.0.0.1:7860',
  },
  'live-failing': { en: 'it answers with an error of its own: something is broken inside', zh: '程序返回自身错误：内部故障' },
  'live-busy': { en: 'it is busy or not ready yet; ask again later', zh: '程序繁忙或尚未就绪，请稍后再试' },
  'live-tls': { en: 'it speaks TLS; name its address with https://', zh: '该程序使用 TLS，请用 https:// 开头的地址' },
  'live-no-tls': { en: 'it does not speak TLS; name its address with http://', zh: '该程序未使用 TLS，请用 http:// 开头的地址' },
  'live-certificate': { en: 'its TLS certificate is not trusted; nothing was asked', zh: 'TLS 证书不受信任，未进行询问' },
  'live-not-loopback': { en: 'only programs on this machine are asked (127.0.0.1, ::1)', zh: '只询问本机程序（127.0.0.1、::1）' },
  'live-not-a-url': { en: 'the address of --live cannot be read', zh: '--live 的地址无法解析' },
  'undeclared-fact': {
    en: 'a check stated a fact that it does not declare (a bug of lora-doctor)',
    zh: '检查给出了未声明的事实（lora-doctor 的缺陷）',
  },
  'fact-of-unknown-subject': {
    en: 'a check stated a fact of a thing that it did not name (a bug of lora-doctor)',
    zh: '检查给出了未登记对象的事实（lora-doctor 的缺陷）',
  },
  'wrong-type': {
    en: 'a check stated a fact of the wrong type (a bug of lora-doctor)',
    zh: '检查给出了类型错误的事实（lora-doctor 的缺陷）',
  },
};

export function noteMessage(note: Note, lang: Language): string {
  const sentence = SENTENCES[note.code] ?? SENTENCES[note.code.replace(/^(?:unreadable|budget|log)-/, '')];
  const text = sentence ? fillMessage(lang === 'en' ? sentence.en : sentence.zh, worded(note.counts ?? {})) : note.code;
  if (note.detail === undefined || TELLS_ALL.test(note.code)) return text;
  return `${text}${lang === 'en' ? ': ' : '：'}${show(note.detail, 300)}`;
}

/** The sentence says as much as the system's own words, which are English. */
const TELLS_ALL = /(?:^|-)(?:missing|permission|not-a-file|too-large|being-written|damaged)$/;

/** A count that is missing (a report of another version) reads as “?”. */
function worded(counts: Note['counts'] & {}): { readonly [name: string]: string | number } {
  const bytes = counts.bytes === undefined ? '?' : formatBytes(counts.bytes);
  return { n: '?', seconds: '?', ...counts, bytes };
}
