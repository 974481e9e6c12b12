import type { Ui } from '../../facts/families';

type Method = 'GET' | 'POST';

const routes = (methods: readonly Method[], names: string): [string, readonly Method[]][] =>
  names
    .split(/\s+/)
    .filter((n) => n !== '')
    .map((n) => [n, methods]);

/** Routes below `/sdapi/v1/` of the A1111 family and SD.Next (webui-a1111-family.md §8.1, webui-comfyui-and-others.md B7). */
export const SDAPI: ReadonlyMap<string, readonly Method[]> = new Map([
  ...routes(
    ['POST'],
    `txt2img img2img extra-single-image extra-batch-images png-info interrogate interrupt skip refresh-checkpoints refresh-vae
    refresh-embeddings refresh-loras create/embedding create/hypernetwork train/embedding train/hypernetwork unload-checkpoint
    reload-checkpoint server-kill server-restart server-stop`,
  ),
  ...routes(
    ['GET'],
    `progress cmd-flags samplers schedulers upscalers latent-upscale-modes sd-models sd-vae sd-modules hypernetworks face-restorers
    realesrgan-models prompt-styles embeddings memory scripts script-info extensions loras lora loaded-loras version platform torch gpu
    status log checkpoint`,
  ),
  ['options', ['GET', 'POST']],
]);

/** Routes that a fork took out (webui-a1111-family.md §8.1). */
const TAKEN_OUT: { readonly [ui in Ui]?: RegExp } = {
  forge: /^(?:train\/|sd-vae$)/,
  'forge-classic': /^(?:hypernetworks|interrogate|realesrgan-models|schedulers|train\/|create\/)/,
  'forge-neo': /^(?:hypernetworks|interrogate|realesrgan-models|train\/|create\/|sd-vae$|reload-checkpoint$)/,
};

/** What `/sdapi/v1/<route>` takes on this program: null when there is no such route. A route with more path behind it counts as its beginning. */
export function methodsOf(route: string, ui: Ui): readonly Method[] | null {
  const name = route.replace(/\/+$/, '');
  const known = SDAPI.get(name);
  return known && !TAKEN_OUT[ui]?.test(name) ? known : null;
}
