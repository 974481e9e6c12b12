/** What becomes of one LoRA asked for. */
export const OUTCOMES = [
  'loads', // a file is read and applied
  'loads-if-present', // no list of files is known
  'missing', // no file of that name
  'all-off-bad-tag', // another tag (or this one) is no number: all LoRAs of the generation are off
  'all-off-missing', // another LoRA is missing, and this program then leaves all out
  'no-effect', // strength 0 on both sides
  'inactive', // switched off in the source
  'unconnected', // a node whose model reaches no sampler
] as const;
export type Outcome = (typeof OUTCOMES)[number];
