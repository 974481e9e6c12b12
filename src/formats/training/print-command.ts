import { CONTINUES } from './edit';
import type { Setup } from './given';
import { scriptOf } from './options';
import type { Shell } from './types';

/** The home folder's name in each shell. */
export const HOME: Readonly<Record<Shell, string>> = { bash: '$HOME', cmd: '%USERPROFILE%', powershell: '$HOME' };
const ANY_HOME = /\$\{?HOME\}?|%USERPROFILE%/g;

/** A word so that the shell hands it on as it is, apart from the home folder. */
export function quoteFor(shell: Shell, word: string): string {
  const text = word.replace(ANY_HOME, HOME[shell]);
  if (text !== '' && /^[\w./:,=+@\\-]+$/.test(text) && !(shell === 'bash' && text.includes('\\'))) return text;
  if (shell === 'cmd') return `"${text.replaceAll('"', '""')}"`;
  const home = text.includes('$HOME');
  if (shell === 'powershell') return home ? `"${text.replace(/[`"]|\$(?!HOME\b)/g, '`$&')}"` : `'${text.replaceAll("'", "''")}'`;
  if (home) return `"${text.replace(/[\\"`]|\$(?!HOME\b)/g, '\\$&')}"`;
  return `'${text.replaceAll("'", "'\\''")}'`;
}

/** The command for a shell, one option a line. */
export function printCommand(setup: Setup, shell: Shell): string {
  const options = [...setup.options.values()].map(({ name, values }) => {
    const [value] = values;
    if (value === undefined) return `--${name}`;
    const list = scriptOf(setup.script ?? '')?.options.find((option) => option.name === name)?.kind === 'list';
    return values.length > 1 || list
      ? `--${name} ${values.map((each) => quoteFor(shell, each)).join(' ')}`
      : quoteFor(shell, `--${name}=${value}`);
  });
  const prefix = (setup.prefix ?? []).map((word) => quoteFor(shell, word)).join(' ');
  return `${[prefix, ...options].join(` ${CONTINUES[shell]}\n  `)}\n`;
}

/** Options beside those of a number kind whose values the trainer takes as numbers: a file is not parsed like a command line. */
const NUMBERS = ['lr_warmup_steps', 'lr_decay_steps', 'text_encoder_lr', 'base_weights_multiplier', 'max_token_length'];

/** The options as a file for `--config_file`: numbers as numbers, flags as booleans, `home` for the home folder, which no one fills in. */
export function printToml(setup: Setup, home: string): string {
  const table = scriptOf(setup.script ?? '')?.options ?? [];
  const lines = [...setup.options.values()].map(({ name, values }) => {
    const kind = table.find((option) => option.name === name)?.kind;
    const number = kind === 'int' || kind === 'float' || NUMBERS.includes(name);
    const text = (value: string): string =>
      number && /^[-+]?\d+(?:\.\d+)?(?:e[-+]?\d+)?$/i.test(value)
        ? value
        : JSON.stringify(value.replace(ANY_HOME, () => home.replaceAll('\\', '/')));
    if (kind === 'list') return `${name} = [${values.map(text).join(', ')}]`;
    return `${name} = ${values[0] === undefined ? 'true' : text(values[0])}`;
  });
  return `${lines.join('\n')}\n`;
}
