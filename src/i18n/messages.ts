import { en } from './en';
import type { Language } from './language';
import { zh } from './zh';

export type MessageKey = keyof typeof en;

/** The placeholders of a message: `{name}`, and `{name?one word:several}` which picks by the number `name`. */
type Names<Text extends string> = Text extends `${string}{${infer Inside}}${infer Rest}`
  ? (Inside extends `${infer Name}?${string}` ? Name : Inside) | Names<Rest>
  : never;

type Args<Key extends MessageKey> = { readonly [name in Names<(typeof en)[Key]>]: string | number };
type Rest<Key extends MessageKey> = [Names<(typeof en)[Key]>] extends [never] ? [] : [args: Args<Key>];

/** Keys whose message takes no arguments: for tables of keys. */
export type PlainKey = { [key in MessageKey]: [Names<(typeof en)[key]>] extends [never] ? key : never }[MessageKey];

const CATALOGUES: { readonly [language in Language]: { readonly [key in MessageKey]: string } } = { en, 'zh-CN': zh };

/** One `{…}`; no nesting, so this is linear. */
const PLACEHOLDER = /\{([a-zA-Z]+)(?:\?([^:{}]*):([^{}]*))?\}/g;

/** The message in a language, its placeholders filled. Arguments are put in as they are: the caller has applied `show()`. */
export function t<Key extends MessageKey>(language: Language, key: Key, ...rest: Rest<Key>): string {
  return fillMessage(CATALOGUES[language][key], rest[0] ?? {});
}

/** Fills the placeholders of a text that stands elsewhere than in the catalogues. One without an argument stays. */
export function fillMessage(text: string, args: { readonly [name: string]: string | number }): string {
  return text.replace(PLACEHOLDER, (whole, name: string, one?: string, many?: string) => {
    const value = args[name];
    if (value === undefined) return whole;
    if (one === undefined || many === undefined) return String(value);
    return value === 1 ? one : many;
  });
}

/** Every message key, for tests and for pages that list messages. */
export const messageKeys = Object.keys(en) as readonly MessageKey[];

/** Names of the placeholders in one catalogue's message, sorted; for the test that both languages use the same. */
export function placeholders(language: Language, key: MessageKey): string[] {
  const names = [...CATALOGUES[language][key].matchAll(PLACEHOLDER)].map((match) => match[1] ?? '');
  return [...new Set(names)].sort();
}
