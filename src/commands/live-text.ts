import type { FactStore } from '../facts/snapshot';
import { show } from '../formats/show';
import type { Language } from '../i18n/language';

const GIB = 2 ** 30;
const NAMES = 8;

/** What the running programs told (`--live`), one line a matter. Empty when none answered. */
export function liveText(facts: FactStore, lang: Language): string {
  const out: string[] = [];
  for (const install of facts.subjects('install')) {
    const url = facts.value<string>(install.id, 'install.liveUrl');
    const state = facts.value<string>(install.id, 'install.liveState');
    if (url === undefined || (state !== 'running' && state !== 'api-off')) continue;
    const ui = facts.value<string>(install.id, 'install.ui') ?? '?';
    const version = facts.value<string>(install.id, 'install.liveVersion') ?? '';
    out.push('', `${lang === 'en' ? 'running' : '正在运行'}  ${show(url, 300)}  ${show(`${ui} ${version}`.trim(), 80)}`);
    for (const [label, value] of rows(facts, install.id, lang)) out.push(`  ${label}  ${value}`);
  }
  return out.length === 0 ? '' : `${out.join('\n')}\n`;
}

function rows(facts: FactStore, id: string, lang: Language): [label: string, value: string][] {
  const out: [string, string][] = [];
  const en = lang === 'en';
  const names = (name: string): readonly string[] | undefined => facts.value<readonly string[]>(id, `install.${name}`);
  const listed = (list: readonly string[]): string => {
    const shown = list.slice(0, NAMES).map((n) => show(n, 80));
    return `${shown.join(', ')}${list.length > NAMES ? ` … (+${list.length - NAMES})` : ''}`;
  };
  const loras = names('liveLoras');
  if (loras) out.push([en ? 'LoRAs it lists' : '列出的 LoRA', `${loras.length}${loras.length > 0 ? `: ${listed(loras)}` : ''}`]);
  const unlisted = names('liveUnlisted') ?? [];
  if (unlisted.length > 0) out.push([en ? 'on the disk, not listed' : '磁盘上有但未列出', listed(unlisted)]);
  const gone = names('liveGone') ?? [];
  if (gone.length > 0) out.push([en ? 'listed, not on the disk' : '已列出但磁盘上没有', listed(gone)]);
  const free = facts.value<number>(id, 'install.liveVramFree');
  const total = facts.value<number>(id, 'install.liveVramTotal');
  if (free !== undefined && total !== undefined) {
    const words = `${(free / GIB).toFixed(1)} / ${(total / GIB).toFixed(1)} GiB`;
    out.push([en ? 'VRAM free' : '空闲显存', words]);
  }
  const options = facts.value<readonly { name: string; value: string }[]>(id, 'install.liveOptions') ?? [];
  if (options.length > 0) out.push([en ? 'settings' : '设置', options.map((o) => `${o.name}=${show(o.value, 60)}`).join(', ')]);
  const args = names('liveArgs') ?? [];
  if (args.length > 0) out.push([en ? 'arguments' : '参数', listed(args)]);
  return out;
}
