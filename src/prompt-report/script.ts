import type { Bilingual } from '../facts/define';
import type { FactStore } from '../facts/snapshot';
import type { Subject } from '../facts/subject';
import type { Client, ScriptProblem, ScriptProblemKind } from '../formats/api/problem';
import { show } from '../formats/show';
import type { Language } from '../i18n/language';
import type { PromptLine } from './explain';

const WORDS: { readonly [kind in ScriptProblemKind]: Bilingual } = {
  'no-such-import': { en: 'webuiapi has no such name: ImportError', zh: 'webuiapi 中没有该名称：ImportError' },
  'no-such-attribute': { en: 'there is no such method or attribute: AttributeError', zh: '没有该方法或属性：AttributeError' },
  'no-such-argument': { en: 'the method takes no such argument: TypeError', zh: '该方法没有此参数：TypeError' },
  'not-the-prompt': {
    en: 'the first argument without a name is not the prompt: write prompt="…"',
    zh: '第一个未命名参数不是提示词：请写 prompt="…"',
  },
  'no-such-route': { en: 'this program has no such address: 404', zh: '该程序没有此接口：404' },
  'wrong-method': { en: 'this address takes the other method: 405', zh: '该接口要求另一种请求方法：405' },
  'misspelt-field': {
    en: 'the server ignores this field without a word',
    zh: '服务器会忽略此字段且不提示',
  },
  'loras-switched-off': {
    en: 'this field cuts the LoRA tags out and applies none',
    zh: '该字段会删去 LoRA 标签且不应用',
  },
  'wrong-program': {
    en: 'this request belongs to another program: A1111 and its family answer /sdapi/v1, ComfyUI answers /prompt',
    zh: '该请求属于另一个程序：A1111 系列使用 /sdapi/v1，ComfyUI 使用 /prompt',
  },
  'missing-field': { en: 'the body must hold the graph under "prompt"', zh: '请求体必须在 "prompt" 下包含节点图' },
};

const CLIENT: { readonly [client in Client]: Bilingual } = {
  webuiapi: {
    en: 'talks through the client webuiapi to /sdapi/v1; the program must be started with --api',
    zh: '通过 webuiapi 访问 /sdapi/v1；程序必须以 --api 启动',
  },
  sdapi: {
    en: 'talks to /sdapi/v1; A1111 and its forks must be started with --api',
    zh: '访问 /sdapi/v1；A1111 及其分支必须以 --api 启动',
  },
  comfyui: { en: 'talks to ComfyUI, which needs no flag', zh: '访问 ComfyUI，无需额外参数' },
  none: { en: 'no request to a known program was seen', zh: '未发现对已知程序的请求' },
};

/** Lines about a script: how it reaches the program, what does not exist, what we cannot vouch for. Empty for other prompts. */
export function scriptLines(facts: FactStore, prompt: Subject, lang: Language): PromptLine[] {
  const client = facts.value<Client>(prompt.id, 'prompt.scriptClient');
  if (client === undefined) return [];
  const say = (text: Bilingual): string => (lang === 'en' ? text.en : text.zh);
  const at = (line: number): string => (lang === 'en' ? `line ${line}` : `第 ${line} 行`);
  const problems =
    facts.value<readonly (ScriptProblem & { [key: string]: string | number })[]>(prompt.id, 'prompt.scriptProblems') ?? [];
  const unknown = facts.value<readonly { line: number; name: string }[]>(prompt.id, 'prompt.scriptUnknown') ?? [];
  const near = (name: string): string =>
    name === '' ? '' : lang === 'en' ? `; meant perhaps: ${show(name, 80)}` : `；也许应为：${show(name, 80)}`;
  const lines: PromptLine[] = [{ sign: 'open', what: '', text: say(CLIENT[client]) }];
  for (const p of problems) {
    lines.push({ sign: 'bad', what: `${at(p.line)}  ${show(p.name, 80)}`, text: say(WORDS[p.kind]) + near(p.near) });
  }
  for (const u of unknown) {
    const text =
      lang === 'en' ? 'not known here: an extension or another version may have it' : '此处无法判断：可能属于扩展或其他版本';
    lines.push({ sign: 'open', what: `${at(u.line)}  ${show(u.name, 80)}`, text });
  }
  if (problems.length === 0 && client !== 'none') {
    lines.push({ sign: 'good', what: '', text: lang === 'en' ? 'every name that it uses exists' : '所用名称均存在' });
  }
  return lines;
}
