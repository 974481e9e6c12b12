import { isRecord, parseJson } from '../json';
import { isSlip, nearestName } from '../prompt/nearest';
import { readSamplePrompts, type SampleFault, type SamplePrompts } from './sample-prompts';
import { readToml, type TomlEntry, tomlProblems } from './toml';

/** Names that the trainers look up (sd-scripts library/train_util.py, musubi-tuner); others are passed over without a word. */
const NUMBERS = ['width', 'height', 'sample_steps', 'scale', 'seed', 'guidance_scale', 'cfg_scale', 'frame_count', 'flow_shift'];
const NAMES = [
  ...NUMBERS,
  'prompt',
  'negative_prompt',
  'sample_sampler',
  'controlnet_image',
  'discrete_flow_shift',
  'image_path',
];
/** What other programs call them. */
const FOREIGN = /^(?:steps?|num_steps|num_inference_steps|cfg|negative|neg_prompt|w|h|sampler|size|resolution|text|caption)$/;

type Place = { readonly line: number; readonly column: number };

/** Faults of one setting; `shown` is what stands there. */
function judge(key: string, value: unknown, { line, column }: Place): SampleFault[] {
  const place = { line, column };
  const shown = `${key} = ${typeof value === 'string' ? value : JSON.stringify(value)}`.slice(0, 80);
  if (!NAMES.includes(key))
    return FOREIGN.test(key) || isSlip(key, nearestName(key, NAMES)) ? [{ kind: 'unknown-switch', ...place, text: shown }] : [];
  if (!NUMBERS.includes(key)) return [];
  if (typeof value !== 'number') return [{ kind: 'not-a-number', ...place, text: shown }];
  return /^(?:width|height)$/.test(key) && value % 8 !== 0 ? [{ kind: 'odd-size', ...place, text: shown }] : [];
}

/** A file for `--sample_prompts` by the ending of its name; another ending than `.txt`, `.toml`, `.json` stops the trainer. */
export function readSampleFile(name: string, text: string): SamplePrompts {
  if (/\.txt$/.test(name)) return readSamplePrompts(text);
  if (/\.toml$/.test(name)) return readSampleToml(text);
  if (/\.json$/.test(name)) return readSampleJson(text);
  return { prompts: 0, faults: [{ kind: 'unknown-ending', line: 1, column: 1, text: name.slice(-80) }] };
}

/** `[prompt]` with what holds for all, `[[prompt.subset]]` for each; a name that stands in both stops the trainer. */
function readSampleToml(text: string): SamplePrompts {
  const file = readToml(text);
  const faults: SampleFault[] = tomlProblems(file).map(({ line, column, text: shown }) => ({
    kind: 'not-read',
    line,
    column,
    text: shown,
  }));
  const common = new Set(file.entries.filter(({ table }) => table === 'prompt').map(({ key }) => key));
  const inSubset = ({ table }: TomlEntry): boolean => table.startsWith('prompt.subset');
  for (const entry of file.entries.filter((one) => one.table === 'prompt' || inSubset(one))) {
    if (inSubset(entry) && common.has(entry.key))
      faults.push({ kind: 'key-twice', line: entry.line, column: entry.column, text: entry.key.slice(0, 80) });
    faults.push(...judge(entry.key, entry.value, entry));
  }
  const prompts = new Set(file.entries.filter(inSubset).map(({ table }) => table)).size;
  if (prompts === 0) faults.push({ kind: 'empty', line: 1, column: 1, text: '[[prompt.subset]]' });
  return { prompts, faults: faults.slice(0, 50) };
}

/** A list of objects, or of lines as in a text file. */
function readSampleJson(text: string): SamplePrompts {
  const list = parseJson(text);
  const top = { line: 1, column: 1 };
  if (!Array.isArray(list)) return { prompts: 0, faults: [{ kind: 'empty', ...top, text: text.trim().slice(0, 40) }] };
  const faults = list.flatMap((item: unknown, i): SampleFault[] => {
    const place = { line: i + 1, column: 1 };
    if (typeof item === 'string') return readSamplePrompts(item).faults.map((fault) => ({ ...fault, ...place }));
    if (!isRecord(item)) return [{ kind: 'not-read', ...place, text: String(JSON.stringify(item)).slice(0, 80) }];
    return Object.entries(item).flatMap(([key, value]) => judge(key, value, place));
  });
  if (list.length === 0) faults.push({ kind: 'empty', ...top, text: '[]' });
  return { prompts: list.length, faults: faults.slice(0, 50) };
}
