/** How many values an option takes and of what kind. */
export type OptionKind = 'flag' | 'int' | 'float' | 'text' | 'choice' | 'list';

export interface TrainingOption {
  readonly name: string;
  readonly kind: OptionKind;
  /** For `choice`. */
  readonly choices: readonly string[];
  /** What the script takes when the option is left out; null: nothing. */
  readonly fallback: string | null;
}

/**
 * The options of the sd-scripts trainers, one a line: name, kind (with its words), value when left out. Read off the usage
 * text of a run of train_network.py v0.10.1 and kohya-training.md §1; types of values from the same sheet.
 */
const COMMON = `
console_log_level|choice=DEBUG,INFO,WARNING,ERROR,CRITICAL
console_log_file|text
console_log_simple|flag
v2|flag
v_parameterization|flag
pretrained_model_name_or_path|text
tokenizer_cache_dir|text
metadata_title|text
metadata_author|text
metadata_description|text
metadata_license|text
metadata_tags|text
metadata_usage_hint|text
metadata_thumbnail|text
metadata_merged_from|text
metadata_trigger_phrase|text
metadata_preprocessor|text
metadata_is_negative_embedding|text
train_data_dir|text
cache_info|flag
shuffle_caption|flag
caption_separator|text
caption_extension|text|.caption
caption_extention|text
keep_tokens|int
keep_tokens_separator|text
secondary_separator|text
enable_wildcard|flag
caption_prefix|text
caption_suffix|text
color_aug|flag
flip_aug|flag
face_crop_aug_range|text
random_crop|flag
debug_dataset|flag
resolution|text
cache_latents|flag
vae_batch_size|int|1
cache_latents_to_disk|flag
skip_cache_check|flag
enable_bucket|flag
min_bucket_reso|int|256
max_bucket_reso|int|1024
bucket_reso_steps|int|64
bucket_no_upscale|flag
resize_interpolation|choice=lanczos,nearest,bilinear,linear,bicubic,cubic,area
token_warmup_min|int
token_warmup_step|text
alpha_mask|flag
dataset_class|text
caption_dropout_rate|float
caption_dropout_every_n_epochs|int
caption_tag_dropout_rate|float
reg_data_dir|text
in_json|text
dataset_repeats|int
output_dir|text
output_name|text
huggingface_repo_id|text
huggingface_repo_type|text
huggingface_path_in_repo|text
huggingface_token|text
huggingface_repo_visibility|text
save_state_to_huggingface|flag
resume_from_huggingface|flag
async_upload|flag
save_precision|choice=None,float,fp16,bf16
save_every_n_epochs|int
save_every_n_steps|int
save_n_epoch_ratio|int
save_last_n_epochs|int
save_last_n_epochs_state|int
save_last_n_steps|int
save_last_n_steps_state|int
save_state|flag
save_state_on_train_end|flag
resume|text
train_batch_size|int|1
max_token_length|choice=None,150,225
mem_eff_attn|flag
torch_compile|flag
dynamo_backend|choice=eager,aot_eager,inductor,aot_ts_nvfuser,nvprims_nvfuser,cudagraphs,ofi,fx2trt,onnxrt,tensort,ipex,tvm
xformers|flag
sdpa|flag
vae|text
max_train_steps|int|1600
max_train_epochs|int
max_data_loader_n_workers|int|8
persistent_data_loader_workers|flag
seed|int
gradient_checkpointing|flag
gradient_accumulation_steps|int|1
mixed_precision|choice=no,fp16,bf16|no
full_fp16|flag
full_bf16|flag
fp8_base|flag
ddp_timeout|text
ddp_gradient_as_bucket_view|flag
ddp_static_graph|flag
clip_skip|int
logging_dir|text
log_with|choice=tensorboard,wandb,all
log_prefix|text
log_tracker_name|text
wandb_run_name|text
log_tracker_config|text
wandb_api_key|text
log_config|flag
noise_offset|float
noise_offset_random_strength|flag
multires_noise_iterations|int
ip_noise_gamma|float
ip_noise_gamma_random_strength|flag
multires_noise_discount|float
adaptive_noise_scale|float
zero_terminal_snr|flag
min_timestep|int
max_timestep|int
loss_type|choice=l1,l2,huber,smooth_l1
huber_schedule|choice=constant,exponential,snr
huber_c|float
huber_scale|float
lowram|flag
highvram|flag
sample_every_n_steps|int
sample_at_first|flag
sample_every_n_epochs|int
sample_prompts|text
sample_sampler|choice=ddim,pndm,lms,euler,euler_a,heun,dpm_2,dpm_2_a,dpmsolver,dpmsolver++,dpmsingle,k_lms,k_euler,k_euler_a,k_dpm_2,k_dpm_2_a
config_file|text
output_config|flag
prior_loss_weight|float
conditioning_data_dir|text
masked_loss|flag
deepspeed|flag
zero_stage|choice=0,1,2,3
offload_optimizer_device|choice=None,cpu,nvme
offload_optimizer_nvme_path|text
offload_param_device|choice=None,cpu,nvme
offload_param_nvme_path|text
zero3_init_flag|flag
zero3_save_16bit_model|flag
fp16_master_weights_and_gradients|flag
optimizer_type|text|AdamW
use_8bit_adam|flag
use_lion_optimizer|flag
learning_rate|float|2e-6
max_grad_norm|float|1.0
optimizer_args|list
lr_scheduler_type|text
lr_scheduler_args|list
lr_scheduler|text|constant
lr_warmup_steps|text|0
lr_decay_steps|text
lr_scheduler_num_cycles|int|1
lr_scheduler_power|float
fused_backward_pass|flag
lr_scheduler_timescale|text
lr_scheduler_min_lr_ratio|float
dataset_config|text
min_snr_gamma|float
scale_v_pred_loss_like_noise_pred|flag
v_pred_like_loss|text
debiased_estimation_loss|flag
weighted_captions|flag
cpu_offload_checkpointing|flag
no_metadata|flag
save_model_as|choice=None,ckpt,pt,safetensors|safetensors
unet_lr|float
text_encoder_lr|list
fp8_base_unet|flag
network_weights|text
network_module|text
network_dim|int|4
network_alpha|float|1
network_dropout|float
network_args|list
network_train_unet_only|flag
network_train_text_encoder_only|flag
training_comment|text
dim_from_weights|flag
scale_weight_norms|float
base_weights|list
base_weights_multiplier|list
no_half_vae|flag
skip_until_initial_step|flag
initial_epoch|int
initial_step|int
validation_seed|int
validation_split|float
validate_every_n_steps|int
validate_every_n_epochs|int
max_validation_steps|int
`;

const TEXT_ENCODER_CACHE = `
cache_text_encoder_outputs|flag
cache_text_encoder_outputs_to_disk|flag
text_encoder_batch_size|int
disable_mmap_load_safetensors|flag
blocks_to_swap|int
`;

const FLOW = `
clip_l|text
t5xxl|text
ae|text
t5xxl_max_token_length|int
apply_t5_attn_mask|flag
guidance_scale|float
timestep_sampling|choice=sigma,uniform,sigmoid,shift,flux_shift
sigmoid_scale|float
model_prediction_type|choice=raw,additive,sigma_scaled
discrete_flow_shift|float
model_type|choice=flux,chroma
weighting_scheme|text
logit_mean|float
logit_std|float
mode_scale|float
split_mode|flag
`;

function table(...texts: readonly string[]): readonly TrainingOption[] {
  return texts
    .join('\n')
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => {
      const [name = '', typed = 'text', fallback] = line.split('|');
      const [kind = 'text', words = ''] = typed.split('=');
      return { name, kind: kind as OptionKind, choices: words === '' ? [] : words.split(','), fallback: fallback ?? null };
    });
}

/** Base models that a script trains; `null`: a script we do not know. */
export const SCRIPTS: Readonly<Record<string, string>> = {
  'train_network.py': 'sd',
  'sdxl_train_network.py': 'sdxl',
  'flux_train_network.py': 'flux',
  'sd3_train_network.py': 'sd3',
  'lumina_train_network.py': 'lumina2',
  'hunyuan_image_train_network.py': 'hunyuan-image-2.1',
  'anima_train_network.py': 'anima',
};

const SD = table(COMMON);
const SDXL = table(COMMON, TEXT_ENCODER_CACHE);
const REST = table(COMMON, TEXT_ENCODER_CACHE, FLOW);

/** The options of a script; null for one of which we do not know the options. */
export function optionsOf(script: string): readonly TrainingOption[] | null {
  const family = SCRIPTS[script];
  if (family === undefined) return null;
  if (family === 'sd') return SD;
  if (family === 'sdxl') return SDXL;
  return family === 'flux' ? REST : null;
}

/** Every option that any of the scripts has: for names in configuration files. */
export const ALL_OPTIONS: readonly TrainingOption[] = REST;
