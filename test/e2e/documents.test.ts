import { expect, test } from 'vitest';
import { errorDocument, inspectDocument } from '../../src/report/documents';
import { report as reportDocument } from '../../src/report/schema';
import { put, runCli, safetensors, temporaryFolder } from './helpers';

/** The document without one of its keys at a time: each of these must be refused. */
function* without(document: Record<string, unknown>): Generator<[key: string, rest: Record<string, unknown>]> {
  for (const key of Object.keys(document)) yield [key, Object.fromEntries(Object.entries(document).filter(([k]) => k !== key))];
}

/** One document on one line and nothing else. */
function only(stdout: string): Record<string, unknown> {
  expect(stdout.endsWith('\n')).toBe(true);
  expect(stdout.trimEnd()).not.toContain('\n');
  return JSON.parse(stdout) as Record<string, unknown>;
}

test('demo --json prints one report that is valid under the published schema, and nothing that could be left out', async () => {
  const { status, stdout } = await runCli(['demo', '--json']);
  expect(status).toBe(1);
  const document = only(stdout);
  expect(reportDocument.parse(document).findings.length).toBeGreaterThan(0);
  for (const [key, rest] of without(document)) {
    expect({ key, valid: reportDocument.safeParse(rest).success }).toEqual({ key, valid: key === 'redactions' });
  }
  const [first, ...others] = document.findings as Record<string, unknown>[];
  for (const [key, rest] of without(first ?? {})) {
    const valid = reportDocument.safeParse({ ...document, findings: [rest, ...others] }).success;
    expect({ key, valid }).toEqual({ key, valid: false });
  }
});

test('inspect --json', async () => {
  const folder = temporaryFolder();
  const name = 'lora_unet_mid_block_attentions_0_transformer_blocks_0_attn2_to_k';
  const tensors = {
    [`${name}.lora_down.weight`]: { dtype: 'F16', shape: [4, 768], data_offsets: [0, 6144] },
    [`${name}.lora_up.weight`]: { dtype: 'F16', shape: [1280, 4], data_offsets: [6144, 16384] },
  };
  put(folder, 'whole.safetensors', safetensors({ __metadata__: { ss_network_dim: '4' }, ...tensors }, 16384));
  put(folder, 'cut.safetensors', safetensors(tensors, 100));
  put(folder, 'page.safetensors', '<!DOCTYPE html><html></html>');
  put(folder, 'empty.safetensors', '');
  const { status, stdout } = await runCli(['inspect', folder, '--json', '--weights']);
  expect(status).toBe(1);
  const document = only(stdout);
  const { files } = inspectDocument.parse(document);
  expect(files.map((file) => file.container.ok)).toEqual([false, false, false, true]);
  expect(files[3]?.weights?.verdict).toBe('dead');
  for (const [key, rest] of without(document))
    expect({ key, valid: inspectDocument.safeParse(rest).success }).toEqual({
      key,
      valid: ['duplicates', 'clashes'].includes(key),
    });
});

test.each([[['inspct']], [['check', './nowhere']], [['explain', 'no-such-cause']], [['inspect']], [['log']], [['rules']]])(
  'a wrong call gives one error document: %s',
  async (args) => {
    const { status, stdout, stderr } = await runCli([...args, '--json']);
    expect({ status, stderr }).toEqual({ status: 2, stderr: '' });
    errorDocument.parse(only(stdout));
  },
);
