/**
 * What changes a caption anew in each step: it cannot be had with cached outputs of the text encoder, on which the trainer stops
 * (kohya-training.md §1.3).
 */
export const CAPTION_CHANGES = [
  'shuffle_caption',
  'caption_dropout_rate',
  'caption_tag_dropout_rate',
  'token_warmup_step',
] as const;
/** What changes a picture anew in each step: not with cached latents. */
export const AUGMENTATIONS = ['color_aug', 'random_crop'] as const;
