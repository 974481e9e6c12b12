import type { Options } from './set-options';

/** The optimizer that runs: older switches stand for a name (kohya-training.md §1.4). */
export const optimizerOf = (o: Options): string =>
  o.text('optimizer_type') ?? (o.has('use_8bit_adam') ? 'AdamW8bit' : o.has('use_lion_optimizer') ? 'Lion' : 'AdamW');

/** Warm-up where the schedule takes none, which stops the training before its first step (kohya-training.md §1.4, §7); null: sound. */
export function warmupFault(o: Options): 'adafactor-warmup' | 'constant-warmup' | null {
  if (/^0*(?:\.0*)?%?$/.test(o.or('lr_warmup_steps').trim())) return null;
  const optimizer = optimizerOf(o).toLowerCase();
  const relative = !o.all('optimizer_args').some((arg) => /^relative_step\s*=\s*False$/.test(arg));
  if (optimizer === 'adafactor' && relative) return 'adafactor-warmup';
  const constant = o.or('lr_scheduler') === 'constant' && !o.has('lr_scheduler_type');
  return constant && !/schedulefree/.test(optimizer) ? 'constant-warmup' : null;
}

/** `name=true`: the values are Python, where it is `True`. */
export const isLowerCaseWord = (argument: string): boolean => /=\s*(?:true|false)$/.test(argument);
