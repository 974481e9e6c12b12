import { isRecord } from '../json';
import { givenOf, setupOf } from './config-files';
import type { Setup } from './given';
import { canonical } from './other-names';

type Record_ = Readonly<Record<string, unknown>>;

const record = (value: unknown): Record_ => (isRecord(value) ? value : {});

const PRECISION: Readonly<Record<string, string>> = {
  FLOAT_16: 'fp16',
  BFLOAT_16: 'bf16',
  FLOAT_32: 'no',
  float16: 'fp16',
  fp16: 'fp16',
  bfloat16: 'bf16',
  bf16: 'bf16',
  float32: 'no',
  fp32: 'no',
};

/** A configuration of OneTrainer (`training_method`, `model_type`); null when the JSON is none. */
export function readOneTrainer(json: unknown): Setup | null {
  if (!isRecord(json) || typeof json.model_type !== 'string' || !('training_method' in json || 'lora_rank' in json)) return null;
  const optimizer = record(json.optimizer).optimizer ?? json.optimizer;
  return setupOf(
    'onetrainer',
    givenOf({
      pretrained_model_name_or_path: json.base_model_name,
      model_family: json.model_type,
      network_dim: json.lora_rank,
      network_alpha: json.lora_alpha,
      learning_rate: json.learning_rate,
      lr_scheduler: typeof json.learning_rate_scheduler === 'string' ? json.learning_rate_scheduler.toLowerCase() : undefined,
      max_train_epochs: json.epochs,
      train_batch_size: json.batch_size,
      gradient_accumulation_steps: json.gradient_accumulation_steps,
      resolution: json.resolution,
      optimizer_type: typeof optimizer === 'string' ? optimizer.replaceAll('_', '') : undefined,
      mixed_precision: PRECISION[String(json.train_dtype)],
      xformers: json.attention_mechanism === 'XFORMERS' ? true : undefined,
      output_dir: json.output_model_destination,
      base_model_precision: weightForm(json),
      gradient_checkpointing: json.gradient_checkpointing,
      offload_fraction: Number(json.layer_offload_fraction) > 0 ? json.layer_offload_fraction : undefined,
    }),
  );
}

/** How OneTrainer stores the weights of the model that is trained on; undefined when it does not say. */
function weightForm(json: Record_): string | undefined {
  const parts = ['unet', 'transformer', 'prior'].map((part) => record(json[part]).weight_dtype);
  const told = [...parts, json.weight_dtype].find((form) => typeof form === 'string' && form !== 'NONE');
  return typeof told === 'string'
    ? told
        .toLowerCase()
        .replace(/float_|float/, 'fp')
        .replace('bfp', 'bf')
    : undefined;
}

/** A configuration of SimpleTuner: names with or without `--`; null when the JSON is none. */
export function readSimpleTuner(json: unknown): Setup | null {
  if (!isRecord(json)) return null;
  const plain = Object.fromEntries(Object.entries(json).map(([key, value]) => [key.replace(/^--/, ''), value]));
  if (!('model_family' in plain) && !('data_backend_config' in plain)) return null;
  const named = {
    base_model_precision: 'no_change',
    ...plain,
    mixed_precision: PRECISION[String(plain.mixed_precision)] ?? plain.mixed_precision,
  };
  const switched = Object.entries(named).map(([key, value]) => [
    key,
    value === 'true' ? true : value === 'false' ? false : value,
  ]);
  const set = givenOf(Object.fromEntries(switched));
  // 0 stands for "not set" in both.
  for (const name of ['num_train_epochs', 'max_train_steps']) if (set.get(name)?.values[0] === '0') set.delete(name);
  return setupOf('simpletuner', canonical('simpletuner', set));
}

/** `config.env` of older SimpleTuner versions: `export LEARNING_RATE=1e-4`. Null when the text is none. */
export function readSimpleTunerEnv(text: string): Setup | null {
  const values: Record<string, unknown> = {};
  for (const match of text.matchAll(/^[ \t]*(?:export[ \t]+)?([A-Z][A-Z0-9_]{2,40})=["']?([^"'\n#]{0,300})["']?/gm))
    values[(match[1] ?? '').toLowerCase()] = (match[2] ?? '').trim();
  if (!('model_type' in values) || !('train_batch_size' in values || 'model_family' in values)) return null;
  return readSimpleTuner({ model_family: '', ...values });
}

/** The first process of an ai-toolkit job (`job: extension`, `config: process:`); null when it is none. */
export function readAiToolkit(yaml: unknown): Setup | null {
  const root = record(yaml);
  const processes = record(root.config).process;
  const process = Array.isArray(processes) ? record(processes[0]) : {};
  if (typeof root.job !== 'string' || !('train' in process)) return null;
  const [network, train, model] = [record(process.network), record(process.train), record(process.model)];
  const dataset = Array.isArray(process.datasets) ? record(process.datasets[0]) : {};
  const ending = dataset.caption_ext;
  return setupOf(
    'ai-toolkit',
    givenOf({
      pretrained_model_name_or_path: model.name_or_path,
      model_family: model.arch ?? flagged(model),
      network_dim: network.linear ?? network.rank,
      network_alpha: network.linear_alpha ?? network.alpha,
      learning_rate: train.lr,
      max_train_steps: train.steps,
      train_batch_size: train.batch_size,
      gradient_accumulation_steps: train.gradient_accumulation_steps ?? train.gradient_accumulation,
      optimizer_type: train.optimizer,
      mixed_precision: PRECISION[String(train.dtype)],
      train_data_dir: dataset.folder_path,
      caption_extension: typeof ending === 'string' ? `.${ending.replace(/^\./, '')}` : undefined,
      resolution: dataset.resolution,
      output_dir: process.training_folder,
      base_model_precision: model.quantize === true ? (model.qtype ?? 'qfloat8') : (PRECISION[String(train.dtype)] ?? undefined),
      gradient_checkpointing: train.gradient_checkpointing,
      layer_offloading: model.layer_offloading,
    }),
  );
}

/** `is_flux: true` of older versions, where newer ones write `arch: flux`. */
function flagged(model: Record_): string | undefined {
  const flag = Object.keys(model).find((key) => /^is_\w+$/.test(key) && model[key] === true);
  return flag?.slice(3);
}
