import type { Ui } from '../../facts/families';

/** How a program reads LoRA tags. */
export interface Dialect {
  /** `tags`: A1111's grammar. `fooocus`, `swarm`, `sdnext`, `easy`: their own. `none`: tags are plain text. */
  readonly grammar: 'tags' | 'sdnext' | 'fooocus' | 'swarm' | 'easy' | 'none';
  readonly keywords: ReadonlySet<string>;
  readonly dyn: boolean;
  /** A missing LoRA switches the others off too (webui-a1111-family.md §2.6). */
  readonly missingTurnsAllOff: boolean;
}

const LORA = new Set(['lora']);
const BOTH = new Set(['lora', 'lyco']);
const tags = (keywords: ReadonlySet<string>, missingTurnsAllOff: boolean, dyn = true): Dialect => ({
  grammar: 'tags',
  keywords,
  dyn,
  missingTurnsAllOff,
});
const own = (grammar: Dialect['grammar']): Dialect => ({ grammar, keywords: LORA, dyn: false, missingTurnsAllOff: false });

/** Table of webui-a1111-family.md §2.1 and §2.6, webui-comfyui-and-others.md B3, C, D, E. */
const DIALECTS: { readonly [ui in Ui]: Dialect } = {
  a1111: tags(BOTH, false),
  forge: tags(LORA, true),
  reforge: tags(BOTH, true),
  'forge-classic': tags(LORA, true),
  'forge-neo': tags(LORA, false, false),
  sdnext: own('sdnext'),
  fooocus: own('fooocus'),
  swarmui: own('swarm'),
  easydiffusion: { ...own('easy'), keywords: BOTH },
  comfyui: own('none'),
  invokeai: own('none'),
  kohya: own('none'),
};

export function dialectOf(ui: Ui): Dialect {
  return DIALECTS[ui];
}
