import { z } from 'zod';
import { compileBuiltIn } from '../src/commands/rule-files';
import { registry } from '../src/facts/registry/all';
import { presetDocument, presetPlanDocument, presetRecipeDocument } from '../src/presets/documents';
import { errorDocument, inspectDocument, vramDocument } from '../src/report/documents';
import { report } from '../src/report/schema';
import { ruleSchema } from './rule-schema';

/** The published schemas, `schema/<name>.schema.json` → text. Keys may be added to documents, so unknown ones are allowed. */
export function schemaFiles(rulesDirectory: string): ReadonlyMap<string, string> {
  const { base } = compileBuiltIn(rulesDirectory).result;
  const of = (schema: z.ZodType): unknown => z.toJSONSchema(schema, { io: 'input' });
  const schemas: { readonly [name: string]: unknown } = {
    'report-1': of(report),
    'inspect-1': of(inspectDocument),
    'error-1': of(errorDocument),
    'vram-1': of(vramDocument),
    'preset-1': of(presetDocument),
    'preset-plan-1': of(presetPlanDocument),
    'preset-recipe-1': of(presetRecipeDocument),
    rule: ruleSchema(base, registry),
  };
  return new Map(
    Object.entries(schemas).map(([name, schema]) => [`schema/${name}.schema.json`, `${JSON.stringify(schema, null, 1)}\n`]),
  );
}
