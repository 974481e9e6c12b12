import path from 'node:path';
import { looksLikeScript } from '../formats/api/script';
import { promptBlocks } from '../formats/prompt/blocks';
import { ReadError } from '../platform/platform';
import type { Problem } from '../report/problem';
import type { CommandContext } from './context';
import { readFailure } from './read-failure';

/** A prompt is small; what is larger is none. */
const TEXT_LIMIT = 4 << 20;
const FILE_NAME = /\.(?:py|txt|md|json)$/i;

/** What `prompt` was given: prompts (an infotext each), or a Python script that sends them. */
export type PromptInput =
  | { readonly kind: 'prompts'; readonly prompts: readonly { readonly key: string; readonly text: string }[] }
  | { readonly kind: 'script'; readonly path: string; readonly text: string };

/** The words of the command line, standard input (`-`), or a file that is named. */
export async function readPromptInput(context: CommandContext): Promise<PromptInput | Problem> {
  const { words } = context.args;
  const [word] = words;
  if (word === undefined || words.length > 1) return usage(context);
  if (word === '-') return sorted('-', await fromStdin(context));
  const file = word.length < 1000 && FILE_NAME.test(word.trim()) && !word.includes('<') ? path.resolve(context.cwd, word) : null;
  if (file === null) return sorted('text', word);
  try {
    const text = new TextDecoder('utf-8').decode(context.platform.readFile(file, TEXT_LIMIT));
    return /\.py$/i.test(file) ? { kind: 'script', path: file, text } : sorted(file, text);
  } catch (error) {
    if (!(error instanceof ReadError)) throw error;
    return {
      code: error.code === 'missing' ? 'no-such-path' : 'unreadable',
      message: readFailure(error, context.lang),
      remedy: context.lang === 'en' ? 'check the path and its permissions' : '请检查路径与权限',
    };
  }
}

async function fromStdin(context: CommandContext): Promise<string> {
  const decoder = new TextDecoder('utf-8');
  let text = '';
  for await (const part of context.stdin()) {
    text += decoder.decode(part, { stream: true });
    if (text.length > TEXT_LIMIT) return text.slice(0, TEXT_LIMIT);
  }
  return text + decoder.decode();
}

function sorted(key: string, text: string): PromptInput {
  if (looksLikeScript(text)) return { kind: 'script', path: key, text };
  const name = key === '-' ? 'text' : key;
  const blocks = promptBlocks(text);
  if (blocks === null) return { kind: 'prompts', prompts: [{ key: name, text }] };
  const prompts = blocks.map((b, at) => ({
    key: at === 0 ? name : `${name}#${at + 1}`,
    text: b.negative === '' ? b.positive : `${b.positive}\nNegative prompt: ${b.negative}`,
  }));
  return { kind: 'prompts', prompts };
}

function usage({ lang }: CommandContext): Problem {
  return {
    code: 'usage',
    message:
      lang === 'en'
        ? 'prompt takes one text in quotes, a file (.txt, .json, .py), or - for standard input'
        : 'prompt 需要一段加引号的文本、一个文件（.txt、.json、.py），或用 - 表示标准输入',
    remedy: "lora-doctor prompt '1girl, <lora:NAME:0.8>'",
  };
}
