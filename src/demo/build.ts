import { createHash } from 'node:crypto';
import fs from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { sd15Checkpoint } from './checkpoint';
import { demoLora } from './lora';
import { demoPicture } from './png';
import { half, numbers, safetensorsHeader, sizeOf } from './tensors';
import { CHECKPOINT, consoleLog, crossPrompt, LORAS, missingPrompt, programFiles } from './texts';

export interface Demo {
  /** The folder of the faulty install. */
  readonly path: string;
  /** Removes everything that was made. */
  remove(): void;
}

/**
 * Makes a small A1111 install with four faults in a new temporary folder (the only place that is written): a prompt that
 * writes a LoRA's name with other capitals, an SDXL LoRA used on an SD 1.5 checkpoint, a download that was cut off, and a
 * log in which the graphics memory ran out. Everything is deterministic; it needs about 8 MB of disk (the checkpoint is a
 * sparse file). Throws what the file system throws, after removing what was made.
 */
export function buildDemo(): Demo {
  const top = fs.mkdtempSync(path.join(tmpdir(), 'lora-doctor-demo-'));
  const remove = () => fs.rmSync(top, { recursive: true, force: true });
  try {
    const root = path.join(top, 'stable-diffusion-webui');
    writeInstall(root);
    return { path: root, remove };
  } catch (error) {
    remove();
    throw error;
  }
}

function writeInstall(root: string): void {
  const write = (relative: string, data: string | Uint8Array) => {
    const file = path.join(root, relative);
    fs.mkdirSync(path.dirname(file), { recursive: true });
    fs.writeFileSync(file, data);
  };
  for (const [relative, text] of Object.entries(programFiles)) write(relative, text);
  write(`models/Lora/${LORAS.case}.safetensors`, sd15Lora(LORAS.case, 'paperfold style', 11).bytes);
  const cut = sd15Lora(LORAS.cut, 'glassgarden', 12).bytes;
  write(`models/Lora/${LORAS.cut}.safetensors`, cut.subarray(0, Math.floor(cut.length * 0.6)));
  const other = sdxlLora();
  write(`models/Lora/${LORAS.other}.safetensors`, other.bytes);
  // A1111's LoRA hash: SHA-256 over everything behind the header, 12 digits (webui-a1111-family.md, Lora hashes).
  const hash = createHash('sha256').update(other.bytes.subarray(other.dataStart)).digest('hex').slice(0, 12);
  write('outputs/txt2img-images/2026-01-17/00001-20240117.png', demoPicture(512, 512, crossPrompt(hash), 5));
  write('params.txt', missingPrompt);
  write('console.log', consoleLog(root, path.sep === '\\'));
  writeCheckpoint(path.join(root, 'models', 'Stable-diffusion', `${CHECKPOINT}.safetensors`));
}

function trained(name: string, trigger: string, over: Readonly<Record<string, string>>): Record<string, string> {
  return {
    ss_output_name: name,
    ss_network_module: 'networks.lora',
    ss_network_dim: '1',
    ss_network_alpha: '1',
    ss_steps: '1200',
    ss_num_train_images: '24',
    ss_tag_frequency: JSON.stringify({ [`10_${trigger}`]: { [trigger]: 24 } }),
    ...over,
  };
}

const sd15Lora = (name: string, trigger: string, seed: number) =>
  demoLora(
    'sd15',
    1,
    seed,
    trained(name, trigger, {
      ss_base_model_version: 'sd_v1',
      ss_resolution: '(512, 512)',
      ss_sd_model_name: `${CHECKPOINT}.safetensors`,
    }),
  );

const sdxlLora = () =>
  demoLora(
    'sdxl',
    1,
    13,
    trained(LORAS.other, 'neonharbour', { ss_base_model_version: 'sdxl_base_v1-0', ss_resolution: '(1024, 1024)' }),
  );

/** A complete header; of each tensor only the first values are written, the rest is a hole in the file. */
function writeCheckpoint(file: string): void {
  fs.mkdirSync(path.dirname(file), { recursive: true });
  const tensors = sd15Checkpoint();
  const header = safetensorsHeader(tensors, {});
  const next = numbers(7);
  const handle = fs.openSync(file, 'w');
  try {
    fs.writeSync(handle, header);
    let at = header.length;
    for (const tensor of tensors) {
      const size = sizeOf(tensor);
      const sample = Buffer.alloc(Math.min(size, 128));
      if (tensor.dtype === 'F16') for (let i = 0; i < sample.length; i += 2) sample.writeUInt16LE(half(next() * 0.05), i);
      fs.writeSync(handle, sample, 0, sample.length, at);
      at += size;
    }
    fs.ftruncateSync(handle, at);
  } finally {
    fs.closeSync(handle);
  }
}
