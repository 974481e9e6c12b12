import type { Folklore } from '../diagnosis/folklore';
import type { RuleBase } from '../diagnosis/rule';
import type { SignatureFile } from '../formats/log/signature-schema';
import { readAsset } from '../platform/assets';

/** What `dist/rules.json` holds. */
export interface ShippedData {
  readonly base: RuleBase;
  readonly signatures: readonly SignatureFile[];
  readonly folklore: { readonly [id: string]: Folklore };
}

/** The rules and signatures that ship with the program. Throws when the package is incomplete. */
export const readShipped = (): ShippedData => JSON.parse(readAsset('rules.json')) as ShippedData;

/** What names the content of the shipped rules, without reading them. */
export const shippedHash = (): string => readAsset('rules.hash');
