import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { CommandContext } from '../../src/commands/context';
import { runInspect } from '../../src/commands/inspect';
import { inspectDocument, inspectFiles } from '../../src/commands/inspect-files';
import type { SafetensorsHeader } from '../../src/formats/safetensors-header';
import { nodePlatform } from '../../src/platform/node';
import { fixture, headerOf } from '../formats/model/headers';

let root = '';
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'lora-inspect-'));
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

function bytesOf(header: SafetensorsHeader, fill = 0, cut = 0): Buffer {
  const entries = Object.fromEntries(
    header.tensors.map(({ name, dtype, shape, begin, end }) => [name, { dtype, shape, data_offsets: [begin, end] }]),
  );
  const json = Buffer.from(JSON.stringify({ __metadata__: Object.fromEntries(header.metadata), ...entries }));
  const length = Buffer.alloc(8);
  length.writeBigUInt64LE(BigInt(json.length));
  const end = header.tensors.reduce((most, tensor) => Math.max(most, tensor.end), 0);
  return Buffer.concat([length, json, Buffer.alloc(end - cut, fill)]);
}

const NAME = 'lora_unet_mid_block_attentions_0_transformer_blocks_0_attn2_to_k';
const small = (metadata: Record<string, string> = {}): SafetensorsHeader =>
  headerOf({ [`${NAME}.alpha`]: [], [`${NAME}.lora_down.weight`]: [4, 768], [`${NAME}.lora_up.weight`]: [1280, 4] }, metadata);

async function run(
  words: string[],
  options: { json?: boolean; lang?: 'en' | 'zh-CN' } = {},
): Promise<{ status: number; out: string; err: string }> {
  let out = '';
  let err = '';
  const output = (add: (text: string) => void) => ({ write: add, isTTY: false });
  const context = {
    args: { words, options: new Map() },
    lang: options.lang ?? 'en',
    platform: nodePlatform(),
    json: options.json ?? false,
    cwd: root,
    stdout: output((text) => {
      out += text;
    }),
    stderr: output((text) => {
      err += text;
    }),
  } as unknown as CommandContext;
  return { status: await runInspect(context), out, err };
}

describe('inspect', () => {
  it('gives the contract’s document', () => {
    const path = join(root, 'a.safetensors');
    writeFileSync(path, bytesOf(small({ ss_network_dim: '4', ss_tag_frequency: '{"1_a": {"zvx": 9}}' }), 0x3c));
    const document = inspectDocument(inspectFiles([path], { lang: 'en', weights: false }, nodePlatform()));
    expect(document.schema).toBe('lora-doctor/inspect@1');
    expect(document.files).toMatchObject([
      {
        path,
        kind: 'lora',
        adapter: 'lora',
        keyStyle: 'kohya',
        container: { kind: 'safetensors', ok: true, error: null },
        family: { id: 'sd15', confidence: 'certain', candidates: ['sd15'] },
        rank: { min: 4, max: 4, typical: 4, perModule: { [NAME]: 4 } },
        modules: { unet: 1 },
        metadata: { triggerWords: ['zvx'], contradictions: [] },
        weights: null,
      },
    ]);
    expect(document.files[0]).toHaveProperty('alpha.stored', 1);
  });

  it('says in the first line that bytes are missing, and ends with 1', async () => {
    writeFileSync(join(root, 'cut.safetensors'), bytesOf(small(), 0, 500));
    const { status, out } = await run(['cut.safetensors']);
    expect(status).toBe(1);
    expect(out.split('\n')[1]).toMatch(/BROKEN.*500 bytes are missing/);
  });

  it('warns of a pickle that imports a program, whatever its name', async () => {
    writeFileSync(join(root, 'evil.safetensors'), Buffer.from('\x80\x02cos\nsystem\nX\x02\x00\x00\x00id\x85R.', 'latin1'));
    const { status, out } = await run(['evil.safetensors']);
    expect(status).toBe(1);
    expect(out).toContain('UNSAFE');
    expect(out).toContain('os.system');
  });

  it('never prints a control character of the file', async () => {
    const header = small({
      ss_output_name: '\u001b[31mred\u0007',
      ss_sd_model_name: 'a\u202eb',
      'modelspec.trigger_phrase': 'x\u001b]0;t\u0007',
    });
    writeFileSync(join(root, 'a\u001b[2Jb.safetensors'), bytesOf(header, 0x3c));
    for (const lang of ['en', 'zh-CN'] as const) {
      const { out } = await run([root], { lang });
      expect(out).toContain('␛[31mred');
      expect(/[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u202e]/.test(out)).toBe(false);
    }
  });

  it('speaks Chinese', async () => {
    writeFileSync(join(root, 'a.safetensors'), bytesOf(fixture('ti-sdxl-clip-l-g')));
    expect((await run(['a.safetensors'], { lang: 'zh-CN' })).out).toContain('嵌入式');
  });

  it('ends with 2 and the error document for a path that is not there', async () => {
    const { status, out } = await run(['nothing.safetensors'], { json: true });
    expect(status).toBe(2);
    expect(JSON.parse(out)).toMatchObject({ schema: 'lora-doctor/error@1', error: { code: 'not-found' } });
  });

  it('goes through a folder and leaves out what is no model', async () => {
    writeFileSync(join(root, 'a.safetensors'), bytesOf(small(), 0x3c));
    writeFileSync(join(root, 'a.png'), 'picture');
    const { status, out } = await run([root], { json: true });
    expect(status).toBe(0);
    expect((JSON.parse(out) as { files: object[] }).files).toHaveLength(1);
  });
});
