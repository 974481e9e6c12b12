import { isRecord, parseJson } from './json';
import type { SqliteFile } from './sqlite/database';

/** A model as InvokeAI's database registers it (webui-comfyui-and-others.md Part D). */
export interface RegisteredModel {
  readonly name: string;
  /** lora, main, vae, … */
  readonly type: string;
  readonly base: string;
  /** Relative to the models folder, or absolute for a model registered in place. */
  readonly path: string;
}

const LIMITS = { rows: 20_000, rowBytes: 1024 * 1024 };

/** Rows of table `models`: a JSON column holds what matters. Throws SqliteError for a damaged file. */
export function readRegisteredModels(db: SqliteFile): readonly RegisteredModel[] {
  const models: RegisteredModel[] = [];
  for (const row of db.rows('models', LIMITS)) {
    const text = row.get('config');
    const config = typeof text === 'string' ? parseJson(text) : undefined;
    if (!isRecord(config) || typeof config.path !== 'string') continue;
    const word = (key: string): string => (typeof config[key] === 'string' ? config[key] : '');
    models.push({ name: word('name'), type: word('type'), base: word('base'), path: config.path });
  }
  return models;
}
