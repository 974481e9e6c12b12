import { isRecord } from '../json';
import type { AccelerateFault } from './vocabulary';

/** What `accelerate config` wrote (`default_config.yaml`), as far as it decides how a training starts. */
export interface AccelerateConfig {
  readonly distributedType: string;
  readonly processes: number | null;
  readonly machines: number | null;
  readonly mixedPrecision: string | null;
  readonly cpuOnly: boolean;
  readonly dynamo: string | null;
  /** Names that no version of accelerate knows; it stops on them. */
  readonly unknown: readonly string[];
}

/** Names that accelerate 0.15 to 1.10 reads (its ClusterConfig, and the parts that have tables of their own). */
const NAMES =
  /^(?:compute_environment|distributed_type|mixed_precision|use_cpu|debug|num_processes|machine_rank|num_machines|gpu_ids|main_process_ip|main_process_port|rdzv_backend|same_network|main_training_function|enable_cpu_affinity|deepspeed_config|fsdp_config|parallelism_config|megatron_lm_config|ipex_config|xpu_config|mpirun_config|fp8_config|downcast_bf16|tpu_\w+|commands|command_file|dynamo_config|dynamo_backend|deepspeed_\w+|fsdp_\w+|offload_\w+|zero\w*|gradient_\w+|fp16|deepspeed|sagemaker_\w+|ec2_instance_type|image_uri|profile|region|num_machines|base_job_name|iam_role_name|pytorch_version|py_version|transformers_version|additional_args|use_cluster)$/;

/** Null when the YAML is no configuration of accelerate. */
export function readAccelerateConfig(yaml: unknown): AccelerateConfig | null {
  if (!isRecord(yaml) || !('compute_environment' in yaml || 'distributed_type' in yaml)) return null;
  const number = (value: unknown): number | null => (typeof value === 'number' && Number.isFinite(value) ? value : null);
  const dynamo = isRecord(yaml.dynamo_config) ? yaml.dynamo_config.dynamo_backend : yaml.dynamo_backend;
  return {
    distributedType: String(yaml.distributed_type ?? 'NO').toUpperCase(),
    processes: number(yaml.num_processes),
    machines: number(yaml.num_machines),
    // YAML 1.1 reads a bare `no` as false.
    mixedPrecision:
      yaml.mixed_precision === false ? 'no' : typeof yaml.mixed_precision === 'string' ? yaml.mixed_precision : null,
    cpuOnly: yaml.use_cpu === true,
    dynamo: typeof dynamo === 'string' && !/^no$/i.test(dynamo) ? dynamo : null,
    unknown: Object.keys(yaml).filter((name) => !NAMES.test(name)),
  };
}

/** What will stop or cripple a training on one usual machine (telling-apart.md, torch and accelerate). */
export function accelerateFaults(config: AccelerateConfig): AccelerateFault[] {
  const out: AccelerateFault[] = [];
  const { distributedType, processes, machines, mixedPrecision } = config;
  if (config.cpuOnly || distributedType === 'MULTI_CPU') out.push('cpu-only');
  if ((machines ?? 1) > 1) out.push('several-machines');
  if (distributedType === 'NO' && (processes ?? 1) > 1) out.push('several-cards');
  if (/^MULTI_(?:GPU|NPU|XPU)$/.test(distributedType) && processes === 1 && (machines ?? 1) <= 1)
    out.push('one-process-distributed');
  if (processes === 0) out.push('no-process');
  if (mixedPrecision !== null && !['no', 'fp16', 'bf16', 'fp8'].includes(mixedPrecision)) out.push('unknown-precision');
  if (config.unknown.length > 0) out.push('unknown-key');
  if (/^(?:TPU|XLA)$/.test(distributedType)) out.push('xla');
  return out;
}
