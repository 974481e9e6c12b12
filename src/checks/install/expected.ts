import type { Ui } from '../../facts/families';
import { atLeast } from './flags';
import type { InstallOs } from './look';

/** What a program needs (webui-a1111-family.md §1.4; webui-comfyui-and-others.md A1, C). Python minor versions of 3. */
export interface Expected {
  readonly python: readonly [number, number] | null;
  /** The PyTorch it is tested with; null when any recent one will do. */
  readonly torch: string | null;
  /** Packages without which it cannot start, by normal name. */
  readonly needs: readonly string[];
}

const A1_NEEDS = ['torch', 'torchvision', 'gradio', 'safetensors', 'transformers', 'numpy'];

export function expectedOf(ui: Ui, version: string | null, os: InstallOs): Expected {
  switch (ui) {
    case 'a1111':
      return {
        python: os === 'windows' ? [10, 10] : [7, 11],
        torch: a1111Torch(version),
        needs: ['torch', 'torchvision', 'gradio', 'safetensors', 'numpy'],
      };
    case 'forge':
      return { python: os === 'windows' ? [10, 10] : [7, 11], torch: atLeast(version, 2, 0) ? '2.3.1' : null, needs: A1_NEEDS };
    case 'reforge':
      return { python: [7, 13], torch: null, needs: A1_NEEDS };
    case 'forge-classic':
      return { python: [10, 11], torch: null, needs: ['torch', 'torchvision', 'gradio', 'safetensors', 'numpy'] };
    case 'forge-neo':
      return { python: [11, 13], torch: null, needs: A1_NEEDS };
    case 'sdnext':
      return { python: [9, 13], torch: null, needs: ['torch', 'torchvision', 'gradio', 'diffusers', 'transformers', 'numpy'] };
    case 'comfyui':
      return {
        python: [atLeast(version, 0, 4) ? 10 : 9, 14],
        torch: null,
        needs: ['torch', 'torchvision', 'safetensors', 'transformers', 'numpy'],
      };
    case 'fooocus':
      return {
        python: [10, 11],
        torch: '2.1.0',
        needs: ['torch', 'torchvision', 'gradio', 'safetensors', 'transformers', 'numpy'],
      };
    case 'invokeai':
      return { python: [10, 12], torch: null, needs: ['invokeai', 'torch', 'safetensors', 'diffusers', 'numpy'] };
    case 'kohya':
      return { python: [9, 12], torch: null, needs: ['torch', 'accelerate', 'safetensors', 'transformers', 'diffusers'] };
    default:
      return { python: null, torch: null, needs: [] };
  }
}

function a1111Torch(version: string | null): string | null {
  if (version === null) return null;
  if (atLeast(version, 1, 8)) return '2.1.2';
  if (atLeast(version, 1, 6)) return '2.0.1';
  return atLeast(version, 1, 3) ? '2.0.1' : '1.13.1';
}

/** True when `a` is the same release as `b` or a later one. */
export function notOlder(a: string, b: string): boolean {
  const parts = (version: string): number[] =>
    (/^(\d+)\.(\d+)(?:\.(\d+))?/.exec(version) ?? []).slice(1).map((part) => Number(part ?? 0));
  const [x, y] = [parts(a), parts(b)];
  for (let i = 0; i < 3; i++) if ((x[i] ?? 0) !== (y[i] ?? 0)) return (x[i] ?? 0) > (y[i] ?? 0);
  return true;
}
