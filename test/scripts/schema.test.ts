import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { parse } from 'yaml';
import { z } from 'zod';
import { schemaFiles } from '../../scripts/schema-files';
import { readRuleFiles } from '../../src/commands/rule-files';

const ROOT = path.resolve(fileURLToPath(import.meta.url), '../../..');
const rulesFolder = path.join(ROOT, 'rules');
const files = schemaFiles(rulesFolder);

test.each([...files])('%s is what the sources say (else: npm run schema)', (file, text) => {
  expect(existsSync(path.join(ROOT, file))).toBe(true);
  expect(readFileSync(path.join(ROOT, file), 'utf8') === text).toBe(true);
});

const rule = z.fromJSONSchema(JSON.parse(files.get('schema/rule.schema.json') ?? '{}'));
const rules = readRuleFiles(rulesFolder, 'rules').files;

test('every built-in rule is valid under the schema for editors', () => {
  expect(rules.length).toBeGreaterThan(0);
  const wrong = rules.flatMap(({ file, source }) => {
    const result = rule.safeParse(parse(source));
    return result.success ? [] : [`${file}: ${z.prettifyError(result.error)}`];
  });
  expect(wrong).toEqual([]);
});

test.each([
  ['severity', 'fatal'],
  ['cause', 'no-such-cause'],
  ['when', { 'lora.famly': 'sdxl' }],
  ['when', { 'lora.family': { lt: 3 } }],
  ['evidence', [{ if: { 'lora.family': 'sdxl' }, then: 'very' }]],
])('a rule with a wrong %s is not', (field, value) => {
  const good = parse(rules[0]?.source ?? '');
  expect(rule.safeParse(good).success).toBe(true);
  expect(rule.safeParse({ ...good, [field]: value }).success).toBe(false);
});
