import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { parse } from 'yaml';
import { kernelBytes } from '../../../scripts/build-kernels.mjs';
import { compileSignatures } from '../../../src/formats/log/signature';
import { type SignatureFile, signatureFileSchema } from '../../../src/formats/log/signature-schema';
import { compileWasm } from '../../../src/formats/wasm';

const FOLDER = path.join(import.meta.dirname, '../../../rules/signatures');

/** The shipped signature files, validated. */
export const signatureFiles: readonly SignatureFile[] = readdirSync(FOLDER)
  .filter((name) => name.endsWith('.yaml'))
  .sort()
  .map((name) => {
    const parsed = signatureFileSchema.safeParse(parse(readFileSync(path.join(FOLDER, name), 'utf8')));
    if (!parsed.success) throw new Error(`${name}: ${parsed.error.message}`);
    return parsed.data;
  });

/** With the kernels of the sources as they are now. */
export const signatures = compileSignatures(signatureFiles, { eager: true, wasm: () => compileWasm(kernelBytes('log')) });

/** With plain loops instead of the kernels. */
export const plainSignatures = compileSignatures(signatureFiles);
