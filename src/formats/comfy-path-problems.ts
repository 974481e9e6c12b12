/**
 * `unreadable`: not UTF-8, or no readable file. `tab`, `syntax`: the YAML reader refuses it. `list-value`, `null-value`,
 * `empty-file`: Python stops at the start. `unknown-key`: silently without effect. `missing-folder`: silently empty.
 * `not-read`: the file has a name that ComfyUI never opens.
 */
export const COMFY_PATH_PROBLEMS = [
  'unreadable',
  'tab',
  'syntax',
  'list-value',
  'null-value',
  'empty-file',
  'unknown-key',
  'missing-folder',
  'not-read',
] as const;
