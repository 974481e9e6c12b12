/**
 * What facts are about. One sentence each:
 * - `machine`: this computer (one). `gpu`: one graphics card.
 * - `install`: one WebUI on disk.
 * - `lora`: a file that stands in a LoRA folder, or a LoRA found in another model folder of the install.
 * - `checkpoint`: a file that a program would offer as base model. `vae`, `encoder`: likewise.
 * - `prompt`: one generation that was asked for (a picture's infotext or graph, params.txt, a workflow).
 * - `use`: one LoRA asked for by one prompt, joined with the file that it resolves to.
 * - `image`: one picture file. `log`: one session of one console log.
 * - `training`: one training command or configuration. `dataset`: the pictures that one of them is to be trained on.
 */
export const SUBJECT_KINDS = [
  'machine',
  'gpu',
  'install',
  'lora',
  'checkpoint',
  'vae',
  'encoder',
  'prompt',
  'use',
  'image',
  'log',
  'training',
  'dataset',
] as const;
export type SubjectKind = (typeof SUBJECT_KINDS)[number];

export interface Subject {
  readonly kind: SubjectKind;
  /** Unique in one snapshot and stable from run to run: kind + path (or name), e.g. `lora:/x/models/Lora/a.safetensors`. */
  readonly id: string;
  readonly path?: string;
  /** Short name for people: a file name, a LoRA name, a program. */
  readonly label: string;
  /** The subjects this one belongs to or refers to (a `use` links `install`, `prompt`, `lora`, `checkpoint`; a `log` links `install`). */
  readonly links?: { readonly [kind in SubjectKind]?: string };
}
