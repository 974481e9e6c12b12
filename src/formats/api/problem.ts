/** What is wrong with a script that talks to a WebUI. The first group stops it or makes it do something else than meant. */
export const SCRIPT_PROBLEMS = [
  'no-such-import', // the module has no such name
  'no-such-attribute', // the object has no such method or attribute
  'no-such-argument', // the method takes no argument of this name
  'not-the-prompt', // the first positional argument of txt2img is not the prompt
  'no-such-route', // 404
  'wrong-method', // GET where POST is needed: 405
  'misspelt-field', // a field of the body that the server ignores, close to one that it knows
  'loras-switched-off', // disable_extra_networks: the tags are cut out and not applied
  'wrong-program', // a request of A1111 for ComfyUI, or the other way round
  'missing-field', // ComfyUI: the body needs `prompt`
] as const;
export type ScriptProblemKind = (typeof SCRIPT_PROBLEMS)[number];

export interface ScriptProblem {
  readonly kind: ScriptProblemKind;
  readonly line: number;
  /** The name in the script, raw, at most 200 characters. */
  readonly name: string;
  /** A name that exists and may have been meant; empty when none is close. */
  readonly near: string;
}

/** How a script reaches the program. */
export const CLIENTS = ['webuiapi', 'sdapi', 'comfyui', 'none'] as const;
export type Client = (typeof CLIENTS)[number];

/** One generation that the script asks for. */
export interface ScriptPrompt {
  readonly line: number;
  readonly positive: string;
  readonly negative: string;
  /** A part of the text is put in when the script runs. */
  readonly computed: boolean;
  readonly sampler: string | null;
  /** Styles that it names; those named only when it runs are left out. */
  readonly styles: readonly string[];
}

export interface ScriptReading {
  readonly client: Client;
  readonly problems: readonly ScriptProblem[];
  readonly prompts: readonly ScriptPrompt[];
  /** Names we cannot vouch for: neither known nor close to a known one. */
  readonly unknown: readonly { readonly line: number; readonly name: string }[];
}
