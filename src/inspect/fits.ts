import type { Bilingual } from '../facts/define';
import type { Family, Ui } from '../facts/families';
import type { Identity } from '../formats/model/identify';
import { adapterNote } from './fits-adapters';
import { comfyNames, type Names } from './fits-names';
import { type Fit, type Loads, type Named, say } from './fits-types';

/** What the answer depends on. */
export interface FitQuestion {
  readonly identity: Identity;
  /** Lower case, with the dot. */
  readonly extension: string;
  /** What the file is by content: `safetensors`, `pickle-zip` … */
  readonly container: string;
  readonly names: Names;
}

const UNETS: readonly Family[] = ['sd15', 'sd21', 'sdxl', 'sdxl-refiner', 'ssd-1b'];

/** Families that a program has a model class for (webui-a1111-family.md, webui-comfyui-and-others.md A5, A11, B3, C, D). */
const RUNS: { readonly [ui in Ui]?: readonly Family[] } = {
  a1111: [...UNETS, 'sd3'],
  forge: [...UNETS, 'flux', 'chroma'],
  reforge: UNETS,
  'forge-classic': UNETS,
  'forge-neo': ['sd15', 'sdxl', 'sdxl-refiner', 'flux', 'flux2', 'chroma', 'lumina2', 'z-image', 'qwen-image', 'wan', 'anima'],
  fooocus: ['sdxl', 'sdxl-refiner', 'ssd-1b'],
  invokeai: ['sd15', 'sd21', 'sdxl', 'flux', 'flux2', 'z-image', 'qwen-image', 'anima'],
};

/** Programs that take new families in often: silence of the sheets is no refusal. */
const STILL_GROWING: readonly Ui[] = ['forge-neo', 'invokeai'];

/** Families that ComfyUI has no model for. */
const NOT_IN_COMFY: readonly Family[] = ['cogvideox', 'sana', 'kolors', 'llm-adapter', 'unknown'];

/** Families that SD.Next patches itself; for the rest it hands the file to diffusers (webui-comfyui-and-others.md B3). */
const SDNEXT_NATIVE: readonly Family[] = [...UNETS, 'sd3', 'flux', 'flux2', 'chroma', 'z-image', 'anima', 'krea2'];

const ORDER: readonly Ui[] = [
  'a1111',
  'forge',
  'reforge',
  'forge-classic',
  'forge-neo',
  'comfyui',
  'swarmui',
  'sdnext',
  'fooocus',
  'invokeai',
];

/** One answer for each program and range of versions. Empty for what is no LoRA. */
export function fitsOf(question: FitQuestion): Fit[] {
  if (question.identity.kind !== 'lora') return [];
  return ORDER.flatMap((ui) => fitsFor(ui, question));
}

/** The answer for one program; two where versions differ. */
function fitsFor(ui: Ui, question: FitQuestion): Fit[] {
  const { identity, extension } = question;
  const fit = (loads: Loads, why: Bilingual, versions: string | null = null): Fit => ({ ui, versions, loads, why });
  const listed = EXTENSIONS[ui];
  if (listed && !listed.includes(extension)) {
    return [fit('no', say(`it does not list files that end in "${extension}"`, `不会列出以“${extension}”结尾的文件`))];
  }
  const wrong = contentTrouble(question);
  if (wrong) return [fit('no', wrong)];
  const family = identity.family.id;
  if (family === 'unknown') {
    const allowed = identity.family.candidates.join(', ');
    return [fit('unknown', say(`the family is open (${allowed || 'nothing fits'})`, `模型系列未定（${allowed || '无匹配'}）`))];
  }
  const runs = RUNS[ui];
  if (family === 'llm-adapter')
    return [fit('no', say('an adapter of a language model, not of pictures', '语言模型的适配器，与出图无关'))];
  if (family === 'animatediff-sd15') return [fit(...motion(ui))];
  if (runs && !runs.includes(family)) {
    return STILL_GROWING.includes(ui)
      ? [fit('unknown', say(`our sources name no ${family} LoRAs there`, `资料中未提及其支持 ${family} LoRA`))]
      : [fit('no', say(`takes no ${family} LoRAs`, `不支持 ${family} LoRA`))];
  }
  const named = NAMED[ui]?.(question) ?? { loads: 'unknown', why: say('not known to us', '尚无资料') };
  return adapterNote(ui, identity, question.names).reduce<Fit[]>(
    (fits, note) => fits.flatMap((one) => note(one)),
    [fit(named.loads, named.why)],
  );
}

const motion = (ui: Ui): [Loads, Bilingual] => [
  'no',
  ui === 'comfyui' || ui === 'swarmui'
    ? say('a motion LoRA: its own loader of the AnimateDiff nodes takes it', '动态 LoRA：需用 AnimateDiff 节点的专用加载器')
    : say('a motion LoRA: only the AnimateDiff extension takes it', '动态 LoRA：只有 AnimateDiff 扩展能使用'),
];

const A1111_LIST = ['.safetensors', '.pt', '.ckpt'];
const COMFY_LIST = ['.ckpt', '.pt', '.pt2', '.bin', '.pth', '.safetensors', '.pkl', '.sft'];

/** webui-a1111-family.md §2.1, webui-comfyui-and-others.md A3, B2, C, E. */
const EXTENSIONS: { readonly [ui in Ui]?: readonly string[] } = {
  a1111: A1111_LIST,
  forge: A1111_LIST,
  reforge: A1111_LIST,
  'forge-classic': A1111_LIST,
  'forge-neo': A1111_LIST,
  sdnext: A1111_LIST,
  comfyui: COMFY_LIST,
  fooocus: ['.pth', '.ckpt', '.bin', '.safetensors', '.patch'],
  swarmui: ['.safetensors', '.sft', '.gguf'],
};

/** The ending decides how a file is read: one that says something else than the content cannot be (A3). */
function contentTrouble({ extension, container }: FitQuestion): Bilingual | null {
  const saysTensors = extension === '.safetensors' || extension === '.sft';
  if (saysTensors && container.includes('pickle'))
    return say('a pickle under the name of a safetensors file', '实为 pickle，却以 safetensors 命名');
  if (!saysTensors && container.includes('safetensors') && extension !== '')
    return say(
      `a safetensors file under the ending "${extension}": rename it`,
      `实为 safetensors，却以“${extension}”结尾：请改名`,
    );
  return null;
}

const KOHYA: Named = { loads: 'yes', why: say('reads kohya names', '可读取 kohya 命名') };
const NO_PEFT = say(
  'does not know diffusers/PEFT tensor names: nothing is applied, and nothing is said',
  '不认识 diffusers/PEFT 张量命名：不会应用，也不提示',
);

/** A1111 and reForge's U-Net loaders: kohya's names, with old diffusers ones as converted by kohya (lora-files.md §2.4; run peft-raw-keys-lora). */
function a1111Names({ identity, names }: FitQuestion): Named {
  const style = identity.keyStyle ?? '';
  if (identity.family.id === 'sd3' && style === 'kohya') {
    return {
      loads: 'no',
      why: say(
        'stops at SD3 files with kohya names (ValueError: not enough values to unpack)',
        '读取 kohya 命名的 SD3 文件时会出错（ValueError: not enough values to unpack）',
      ),
    };
  }
  if (style === 'kohya') return KOHYA;
  if (style === 'diffusers' || style === 'peft' || style === 'diffusers-old') return { loads: 'no', why: NO_PEFT };
  return { loads: 'unknown', why: say(`${names.sample || style}: not known to us`, `${names.sample || style}：尚无资料`) };
}

function sdnextNames({ identity }: FitQuestion): Named {
  if (SDNEXT_NATIVE.includes(identity.family.id)) {
    return identity.keyStyle === 'kohya'
      ? KOHYA
      : { loads: 'converted', why: say('maps diffusers names itself', '自动转换 diffusers 命名') };
  }
  return {
    loads: 'converted',
    why: say(`hands ${identity.family.id} files to diffusers`, `将 ${identity.family.id} 文件交由 diffusers 处理`),
  };
}

function fooocusNames({ identity, names }: FitQuestion): Named {
  if (names.letters)
    return {
      loads: 'no',
      why: say(
        'reads no lora_A/lora_B tensors; more than 12 unknown keys drop the file without a word',
        '不读取 lora_A/lora_B；超过 12 个未知键时静默丢弃整个文件',
      ),
    };
  return comfyNames(identity, names);
}

function comfy({ identity, names }: FitQuestion): Named {
  if (NOT_IN_COMFY.includes(identity.family.id))
    return { loads: 'no', why: say(`has no ${identity.family.id} model of its own`, `自身不支持 ${identity.family.id} 模型`) };
  return comfyNames(identity, names);
}

/** InvokeAI converts what its model manager recognises by shape (webui-comfyui-and-others.md D). */
function invokeNames({ identity }: FitQuestion): Named {
  const why = say('once it is registered in its model manager', '在其模型管理器中注册之后');
  return { loads: identity.keyStyle === 'kohya' ? 'yes' : 'converted', why };
}

const NAMED: { readonly [ui in Ui]?: (question: FitQuestion) => Named } = {
  a1111: a1111Names,
  // Their loaders come from ComfyUI's (webui-a1111-family.md §4.2, §4.3).
  forge: comfy,
  reforge: comfy,
  'forge-classic': comfy,
  'forge-neo': comfy,
  comfyui: comfy,
  swarmui: comfy,
  sdnext: sdnextNames,
  fooocus: fooocusNames,
  invokeai: invokeNames,
};
