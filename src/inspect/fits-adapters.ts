import type { Ui } from '../facts/families';
import type { Identity } from '../formats/model/identify';
import type { Names } from './fits-names';
import { type Fit, type Loads, say } from './fits-types';

type Note = (fit: Fit) => readonly Fit[];

const COMFY_KIN: readonly Ui[] = ['forge', 'reforge', 'forge-classic', 'forge-neo', 'comfyui', 'swarmui', 'fooocus'];
const PLAIN = new Set(['lora', 'locon', 'lora-fa', 'dylora']);

/** Makes an answer worse, never better. */
function worse(fit: Fit, loads: Loads, why: Fit['why']): Fit {
  const order: readonly Loads[] = ['yes', 'converted', 'unknown', 'part', 'no'];
  return order.indexOf(loads) > order.indexOf(fit.loads) ? { ...fit, loads, why } : fit;
}

/** What the algorithm changes about the answer (lora-files.md §2.1, §2.4, webui sheets). */
export function adapterNote(ui: Ui, identity: Identity, names: Names): Note[] {
  const adapter = identity.adapter ?? 'unknown';
  const dora = adapter === 'dora' || identity.features.includes('dora');
  const notes: Note[] = [];
  if (identity.halfPairs > 0) notes.push((fit) => [half(fit, names.upOnly && (ui === 'comfyui' || ui === 'swarmui'))]);
  if (ui === 'a1111') notes.push((fit) => a1111(fit, adapter, dora));
  if (COMFY_KIN.includes(ui)) notes.push((fit) => [comfyKin(fit, adapter, names)]);
  if (ui === 'fooocus' && dora)
    notes.push((fit) => [worse(fit, 'part', say('leaves the DoRA magnitudes out', '忽略 DoRA 幅值'))]);
  if (ui === 'sdnext' && !PLAIN.has(adapter) && adapter !== 'dora' && fallsToDiffusers(identity))
    notes.push((fit) => [worse(fit, 'no', say(`${adapter} is skipped as unsupported there`, `${adapter} 会因不支持而跳过`))]);
  if (names.bundled && ui !== 'a1111' && ui !== 'comfyui' && ui !== 'swarmui')
    notes.push((fit) => [worse(fit, 'part', say('without the embedding packed into the file', '不加载文件内打包的嵌入式'))]);
  return notes;
}

const fallsToDiffusers = (identity: Identity): boolean =>
  ['wan', 'qwen-image', 'hidream-i1', 'hunyuan-video', 'cogvideox', 'sana', 'lumina2'].includes(identity.family.id);

/** Up to 1.4 only plain pairs could be read ("must end in lora_up.weight, lora_down.weight or alpha", webui-a1111-family.md §4.1). */
function a1111(fit: Fit, adapter: string, dora: boolean): readonly Fit[] {
  if (fit.loads === 'no' || fit.loads === 'unknown') return [fit];
  if (PLAIN.has(adapter) && !dora) return [fit];
  const old: Fit = { ...fit, versions: '≤ 1.4', loads: 'no', why: say('reads plain LoRA pairs only', '仅支持普通 LoRA') };
  const newer: Fit = { ...fit, versions: '≥ 1.5' };
  if (adapter === 'glora') return [worse(newer, 'part', say('reads the old GLoRA layout only', '仅支持旧版 GLoRA 布局')), old];
  if (dora)
    return [
      worse(
        newer,
        'part',
        say(
          'always normalises DoRA on the input side: files made with wd_on_output (the default) come out wrong',
          '始终按输入侧归一化 DoRA：用 wd_on_output（默认）训练的文件结果有误',
        ),
      ),
      old,
    ];
  return [newer, old];
}

function comfyKin(fit: Fit, adapter: string, names: Names): Fit {
  if (adapter === 'ia3') return worse(fit, 'no', say('cannot apply IA3', '无法应用 IA3'));
  if (fit.ui.startsWith('forge') && (adapter === 'oft' || adapter === 'boft'))
    return worse(fit, 'no', say('cannot apply OFT', '无法应用 OFT'));
  if (names.magnitude)
    return worse(
      fit,
      'part',
      say("leaves PEFT's magnitude vectors out (lora_magnitude_vector)", '忽略 PEFT 的幅值向量（lora_magnitude_vector）'),
    );
  return fit;
}

/** "An up without its partner raises KeyError (run fails)" (webui-comfyui-and-others.md A5). */
function half(fit: Fit, stops: boolean): Fit {
  return stops
    ? worse(fit, 'no', say('stops at half a pair (KeyError)', '遇到缺半的模块会报错（KeyError）'))
    : worse(fit, 'part', say('leaves half pairs out', '跳过缺一半的模块'));
}
