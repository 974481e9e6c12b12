import type { Bilingual } from '../facts/define';
import type { Note } from '../facts/snapshot';
import { show } from '../formats/show';
import type { Language } from '../i18n/language';

/** Sentences for note codes that any check may use. A code without one is shown as it is, with its detail. */
const SENTENCES: Readonly<Record<string, Bilingual>> = {
  missing: { en: 'is not there any more', zh: '已不存在' },
  permission: { en: 'no permission to read it', zh: '没有读取权限' },
  'not-a-file': { en: 'is not a regular file; left out', zh: '不是普通文件，已跳过' },
  'too-large': { en: 'is too large to be read whole; only a part was looked at', zh: '文件过大，只检查了一部分' },
  io: { en: 'could not be read', zh: '无法读取' },
  entries: { en: 'too many files; the rest was not looked at', zh: '文件过多，其余未检查' },
  depth: { en: 'folders nested too deeply; the deeper ones were not looked at', zh: '文件夹层级过深，更深处未检查' },
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
  const sentence = SENTENCES[note.code];
  const text = sentence ? (lang === 'en' ? sentence.en : sentence.zh) : note.code;
  return note.detail === undefined ? text : `${text}: ${show(note.detail, 300)}`;
}
