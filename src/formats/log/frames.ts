import type { Ui } from '../../facts/families';

/** One `File "…", line N, in f` line. */
export interface Frame {
  readonly file: string;
  readonly name: string;
}

const FRAME = /^\s{0,40}File "([^"]{1,1024})", line \d{1,9}(?:, in (.{1,200}))?/;
/** Boxed tracebacks of rich: `│ D:\x\extensions\a\b.py:12 in f   │`, without the box. */
const BOXED = /^(?:❱ )?([^│]{1,600}\.pyx?):\d{1,9} in ([^\s│]{1,200})$/;
/** The sides of a box, of one in another (`│ │ text │ │`), or drawn in ASCII. */
const LEFT_SIDES = /^(?:[│|] ){1,4}/;
const RIGHT_SIDES = /(?: ?[│|]){1,4}$/;

export function readFrame(line: string): Frame | null {
  const found = FRAME.exec(line);
  return found?.[1] ? { file: found[1], name: found[2]?.trim() ?? '' } : null;
}

/** What stands between the sides of a box; null for a line without box. */
export function unboxed(line: string): string | null {
  const text = line.trim();
  const left = LEFT_SIDES.exec(text)?.[0];
  const last = text.charCodeAt(text.length - 1);
  if (left === undefined || (last !== 0x2502 && last !== 0x7c)) return null;
  return text.slice(left.length).replace(RIGHT_SIDES, '').trimEnd();
}

/** A frame in a box. `before`: the beginning of its path, when rich broke it over two lines; unknown: whose file it is cannot be told. */
export function readBoxedFrame(content: string, before = ''): Frame | null {
  const found = BOXED.exec(before + content);
  const file = found?.[1];
  return file ? { file: /^(?:[A-Za-z]:|[~/\\<])/.test(file) ? file : '<cut>', name: found[2] ?? '' } : null;
}

/** The beginning of a path that does not end in this line of a box. */
export function isBrokenPath(content: string): boolean {
  return /^(?:[A-Za-z]:\\|[~/]).{20,}$/.test(content) && !/\.pyx?:\d/.test(content);
}

/** Whose code a frame runs in. */
export interface Owner {
  readonly kind: 'extension' | 'custom-node';
  readonly name: string;
}

/**
 * The extension (A1111 family, SD.Next: `extensions/NAME`) or custom node (ComfyUI: `custom_nodes/NAME`) that a file belongs
 * to. `extensions-builtin` and what ships with ComfyUI is nobody's. `..` is resolved first: add-ons reach built-in files so.
 */
export function ownerOf(file: string): Owner | null {
  const parts = resolved(file);
  for (let i = parts.length - 2; i >= 0; i--) {
    const folder = parts[i];
    const name = parts[i + 1];
    if (!name) continue;
    if (folder === 'extensions') return { kind: 'extension', name };
    if (folder === 'custom_nodes') return { kind: 'custom-node', name: name.replace(/\.py$/, '') };
  }
  return null;
}

function resolved(file: string): string[] {
  const parts: string[] = [];
  for (const part of file.split(/[\\/]/)) {
    if (part === '..') parts.pop();
    else if (part !== '.') parts.push(part);
  }
  return parts;
}

/** ComfyUI was loading a node file that ships with it; it does without when that fails (webui-comfyui-and-others.md A12). */
export function isBundledNode(frames: readonly Frame[]): boolean {
  return frames.some(({ name }) => name === 'load_custom_node') && frames.some(({ file }) => /[\\/]comfy_extras[\\/]/.test(file));
}

/** True for code of an installed package, which is rarely where a fault lies. */
export function isLibrary(file: string): boolean {
  return /[\\/](?:site-packages|dist-packages)[\\/]|[\\/]lib[\\/]python3|^<frozen |[\\/]Lib[\\/](?:asyncio|importlib|threading)/.test(
    file,
  );
}

/**
 * Files with the code that reads, converts or applies LoRAs, in the programs and in the libraries they use. Whatever stops there
 * is about the file or about the match of file and model, not about the machine.
 */
const LORA_CODE =
  /[\\/](?:extensions-builtin[\\/](?:Lora|sd_forge_lora)|comfyui_lora_collection|weight_adapter|lora_conversions?|backend[\\/](?:lora|patches)|diffusers[\\/]loaders|nunchaku[\\/]lora|peft)[\\/.]|[\\/][\w-]*lora[\w-]*\.py$/i;

/** Programs that are themselves installed by pip. */
const PROGRAM_PACKAGE = /[\\/](?:site|dist)-packages[\\/]invokeai[\\/]/;

/** Whose code an exception comes from; what Python, torch and other packages do below it does not count. */
export function codeOf(frames: readonly Frame[]): 'lora' | 'add-on' | 'program' | undefined {
  for (let i = frames.length - 1; i >= 0; i--) {
    const file = frames[i]?.file ?? '';
    if (ownerOf(file)) return 'add-on';
    if (LORA_CODE.test(file)) return 'lora';
    if (PROGRAM_PACKAGE.test(file) || (!isLibrary(file) && !/^<|[\\/][Ll]ib[\\/]/.test(file))) return 'program';
  }
  return undefined;
}

/** What the program was doing, told by the function names on the way, innermost first. */
const DOINGS: readonly (readonly [RegExp, string])[] = [
  [/^(?:load_lora|load_loras|load_lora_for_models|load_networks?|load_lora_state_dict|activate|apply_lora)/, 'lora'],
  [/vae|^decode|^decode_first_stage/i, 'vae'],
  [
    /^(?:load_checkpoint|load_model|load_diffusion_model|load_unet|forge_model_reload|load_state_dict_guess_config)/,
    'checkpoint',
  ],
  [/^(?:load_clip|encode_from_tokens|get_learned_conditioning|encode_token_weights)/, 'text-encoder'],
  [/^(?:sample|sampling_function|apply_model|common_ksampler|sample_euler)/, 'sampling'],
  [/^(?:load_custom_node|load_scripts|load_module|list_extensions)/, 'add-on-start'],
];

export function doingOf(frames: readonly Frame[]): string | undefined {
  for (let i = frames.length - 1; i >= 0; i--) {
    const name = frames[i]?.name ?? '';
    const doing = DOINGS.find(([pattern]) => pattern.test(name));
    if (doing) return doing[1];
  }
  return undefined;
}

/** How far a training had come, told by the function names on the way, innermost first (names of sd-scripts, accelerate, diffusers). */
const STAGES: readonly (readonly [RegExp, string])[] = [
  [/^(?:get_optimizer|get_scheduler|prepare_optimizer)/, 'optimizer'],
  [/^(?:sample_images?\b|sample_images?_|line_to_prompt_dict|load_prompts|prepare_sample|log_validation)/, 'samples'],
  [/^(?:cache_latents|cache_batch_latents|new_cache_latents|encode_and_save_batch)/, 'latents'],
  [/^(?:_?load_target_model|load_models_from_)/, 'base-model'],
  [/^(?:load_user_config|sanitize_user_config|generate_dreambooth_subsets)/, 'dataset-config'],
  [/^(?:read_config_from_file|load_toml)/, 'config-file'],
  [/^(?:load_config_from_file|from_yaml_file|from_json_file|_validate_launch_command|prepare_multi_gpu_env)/, 'accelerate'],
];

export function stageOf(frames: readonly Frame[]): string | undefined {
  for (let i = frames.length - 1; i >= 0; i--) {
    const stage = STAGES.find(([pattern]) => pattern.test(frames[i]?.name ?? ''));
    if (stage) return stage[1];
  }
  return undefined;
}

/** The installed package that the innermost frame belongs to; undefined when it is none. */
export function packageOf(frames: readonly Frame[]): string | undefined {
  for (let i = frames.length - 1; i >= 0; i--) {
    const file = frames[i]?.file ?? '';
    const name = /[\\/](?:site|dist)-packages[\\/](\w{1,60})/.exec(file)?.[1];
    if (name) return name;
    // Python's own library in between says nothing.
    if (!isLibrary(file) && !/^<|[\\/][Ll]ib[\\/]/.test(file)) return undefined;
  }
  return undefined;
}

/** Folder names in frames that only some programs have. */
const FRAME_UIS: readonly (readonly [RegExp, readonly [Ui]])[] = [
  [/[\\/]sd_forge_lora[\\/]|[\\/]modules_forge[\\/]/, ['forge']],
  [/[\\/]comfy_execution[\\/]|[\\/]comfy[\\/](?:sd|lora|model_management|samplers)\.py$|[\\/]custom_nodes[\\/]/, ['comfyui']],
  [/[\\/]extensions-builtin[\\/]Lora[\\/]|[\\/]modules[\\/](?:call_queue|txt2img|launch_utils)\.py$/, ['a1111']],
  [/[\\/]sd-scripts[\\/]|[\\/](?:sdxl_|flux_)?train_network\.py$|[\\/]train_util\.py$/, ['kohya']],
  [
    /[\\/]OneTrainer[\w-]*[\\/]modules[\\/]|[\\/]ai-toolkit[\\/](?:run\.py|jobs|toolkit)|[\\/]SimpleTuner[\\/]|[\\/]musubi[_-]tuner[\\/]|[\\/]diffusion-pipe[\\/]|[\\/]train_dreambooth\w*\.py$|[\\/]accelerate[\\/]commands[\\/]/,
    ['kohya'],
  ],
];

/** Programs that the files of a traceback speak for, each as a list of one. */
export function uisOfFrames(frames: readonly Frame[]): (readonly [Ui])[] {
  return FRAME_UIS.filter(([pattern]) => frames.some((frame) => pattern.test(frame.file))).map(([, uis]) => uis);
}
