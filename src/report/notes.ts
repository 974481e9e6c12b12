import type { Bilingual } from '../facts/define';
import type { Note } from '../facts/snapshot';
import { show } from '../formats/show';
import type { Language } from '../i18n/language';

/**
 * Sentences for note codes that any check may use; `unreadable-…`, `budget-…` and `log-…` say which of them by their end. A code
 * without one is shown as it is, with its detail.
 */
const SENTENCES: Readonly<Record<string, Bilingual>> = {
  missing: { en: 'is not there any more', zh: '已不存在' },
  permission: { en: 'no permission to read it', zh: '没有读取权限' },
  'not-a-file': { en: 'is not a regular file; left out', zh: '不是普通文件，已跳过' },
  'too-large': { en: 'is too large to be read whole; only a part was looked at', zh: '文件过大，只检查了一部分' },
  io: { en: 'could not be read', zh: '无法读取' },
  entries: { en: 'too many files; the rest was not looked at', zh: '文件过多，其余未检查' },
  depth: { en: 'folders nested too deeply; the deeper ones were not looked at', zh: '文件夹层级过深，更深处未检查' },
  unreadable: { en: 'could not be read', zh: '无法读取' },
  damaged: { en: 'is damaged; what it says is not used', zh: '已损坏，未采用其内容' },
  'too-many-files': { en: 'too many files; the rest was not looked at', zh: '文件过多，其余未检查' },
  bytes: { en: 'too much data for one run; its values were not looked at', zh: '数据量超过单次上限，未检查其数值' },
  'pixel-budget': { en: 'too large to look at its pixels', zh: '图片过大，未检查像素' },
  'log-tail-only': { en: 'a long log; only its end was read', zh: '日志很长，只读取了末尾部分' },
  'log-over': { en: 'an older log; it does not count', zh: '较旧的日志，不作为依据' },
  'log-sessions-over': { en: 'older starts in this log do not count', zh: '日志中较早的启动不作为依据' },
  'log-files-left-out': { en: 'many log files; the oldest were left out', zh: '日志文件过多，未读取较旧的' },
  budget: { en: 'a limit was reached; the rest was not looked at', zh: '达到检查上限，其余未检查' },
  'check-failed': { en: 'this check failed; its facts are unknown', zh: '该项检查失败，其结果视为未知' },
  'check-timed-out': { en: 'this check took too long; its facts are unknown', zh: '该项检查超时，其结果视为未知' },
  'undeclared-fact': {
    en: 'a check stated a fact that it does not declare (a bug of lora-doctor)',
    zh: '检查给出了未声明的事实（lora-doctor 的缺陷）',
  },
  'wrong-type': {
    en: 'a check stated a fact of the wrong type (a bug of lora-doctor)',
    zh: '检查给出了类型错误的事实（lora-doctor 的缺陷）',
  },
};

export function noteMessage(note: Note, lang: Language): string {
  const sentence = SENTENCES[note.code] ?? SENTENCES[note.code.replace(/^(?:unreadable|budget|log)-/, '')];
  const text = sentence ? (lang === 'en' ? sentence.en : sentence.zh) : note.code;
  return note.detail === undefined ? text : `${text}: ${show(note.detail, 300)}`;
}
