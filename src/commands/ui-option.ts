import { suggest } from '../diagnosis/compile/suggest';
import { UIS, type Ui } from '../facts/families';
import { show } from '../formats/show';
import type { Problem } from '../report/problem';
import type { CommandContext } from './context';

/** `--ui KIND`; `auto` when it is left out. */
export function uiOption(context: Pick<CommandContext, 'args' | 'lang'>): Ui | 'auto' | Problem {
  const given = context.args.options.get('ui');
  if (typeof given !== 'string' || given === 'auto') return 'auto';
  if ((UIS as readonly string[]).includes(given)) return given as Ui;
  const near = suggest(given, UIS);
  return {
    code: 'bad-value',
    message: context.lang === 'en' ? `--ui does not know "${show(given, 80)}"` : `--ui 不认识“${show(given, 80)}”`,
    remedy: `${near ? `${near}? ` : ''}${UIS.join(', ')}, auto`,
  };
}
