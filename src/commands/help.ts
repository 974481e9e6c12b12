import type { Language } from '../i18n/language';
import { COMMANDS, type Command, GLOBAL, type Option } from './options';

/** The help text, made from the option table. */
export function helpText(command: Command | null, lang: Language): string {
  const say = (text: { en: string; zh: string }): string => (lang === 'en' ? text.en : text.zh);
  const row = (left: string, right: string): string => `  ${left.padEnd(26)} ${right}`;
  const option = (o: Option): string => row(`--${o.name}${o.value ? ` ${o.value}` : ''}`, say(o.help));
  const lines: string[] = [];
  if (command) {
    lines.push(`lora-doctor ${command.name} ${command.args}`.trimEnd(), '', `  ${say(command.help)}`, '');
    if (command.options.length > 0) lines.push(...command.options.map(option), '');
  } else {
    lines.push(say({ en: 'Finds out why a LoRA does not do what it should.', zh: '找出 LoRA 不正常的原因。' }), '');
    lines.push(
      row('lora-doctor [PATH]', say({ en: 'on a terminal: the screen; piped: check', zh: '终端中打开界面；管道中等同 check' })),
    );
    lines.push(...COMMANDS.map((c) => row(`lora-doctor ${c.name} ${c.args}`.trimEnd(), say(c.help))), '');
  }
  lines.push(...GLOBAL.map(option), '');
  lines.push(
    say({
      en: 'Exit status: 0 nothing found · 1 problems · 2 usage, or no install there · 3 could not diagnose · 130 interrupted',
      zh: '退出状态：0 未发现问题 · 1 发现问题 · 2 用法错误或路径不是安装 · 3 无法诊断 · 130 被中断',
    }),
  );
  return `${lines.join('\n')}\n`;
}
