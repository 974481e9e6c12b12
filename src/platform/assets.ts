import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

/** Places where a shipped data file may stand, seen from a bundle (dist/ or dist/chunks/) or from the sources. */
const PLACES = ['./', '../', '../../dist/'];

/** A data file that ships with the program (`rules.json`). Throws when the package is incomplete. */
export function readAsset(name: string): string {
  const path = findAsset(name);
  if (path !== null) return readFileSync(path, 'utf8');
  throw new Error(`${name} is missing from this installation; install lora-doctor again (in a clone: npm run build)`);
}

/** A shipped file's bytes (`weights.wasm`), or null when it is missing. */
export function readAssetBytes(name: string): Uint8Array | null {
  const path = findAsset(name);
  return path === null ? null : readFileSync(path);
}

/** Where a shipped file stands, or null. */
export function findAsset(name: string): string | null {
  return PLACES.map((place) => fileURLToPath(new URL(place + name, import.meta.url))).find((path) => existsSync(path)) ?? null;
}
