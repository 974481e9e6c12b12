import { isAbsolute, join } from 'node:path';
import { type Fact, known, unknown } from '../../facts/value';
import { type RegisteredModel, readRegisteredModels } from '../../formats/invoke-models';
import { SqliteFile } from '../../formats/sqlite/database';
import { SqliteError } from '../../formats/sqlite/pages';
import { ReadError } from '../../platform/platform';
import type { Folders } from './folders';
import type { Look } from './look';

const MODEL_FILE = /\.(?:safetensors|ckpt|pt|bin|gguf)$/i;
const MAX_LISTED = 200;

/** What InvokeAI's database knows against what stands on disk: a file without a row is invisible, a row without a file fails. */
export function invokeFacts(look: Look, root: string, folders: Folders): { [fact: string]: Fact } {
  const path = join(root, 'databases/invokeai.db');
  const models = folders.lora[0] ?? join(root, 'models');
  if (!look.isFile(path)) return {};
  try {
    const rows = look.platform.withFile(path, (db) => {
      const log = `${path}-wal`;
      if (!look.isFile(log)) return readRegisteredModels(new SqliteFile(db));
      return look.platform.withFile(log, (wal) => readRegisteredModels(new SqliteFile(db, wal)));
    });
    return compare(look, models, path, rows);
  } catch (error) {
    if (!(error instanceof SqliteError) && !(error instanceof ReadError)) throw error;
    look.note(error instanceof ReadError ? error.code : 'damaged', path, { detail: error.message });
    const reason = unknown('unreadable', error.message);
    return { 'install.registeredWithoutFile': reason, 'install.unregisteredFiles': reason };
  }
}

function compare(look: Look, models: string, database: string, rows: readonly RegisteredModel[]): { [fact: string]: Fact } {
  const source = { path: database };
  const places = rows.map((row) => ({ row, path: isAbsolute(row.path) ? row.path : join(models, row.path) }));
  const gone = places.filter(({ path }) => !look.exists(path));
  const registered = new Set(places.map(({ path }) => path));
  const loose: string[] = [];
  if (look.isFolder(models)) {
    for (const entry of look.platform.walk(models, { maxDepth: 6, maxEntries: 20_000, file: (name) => MODEL_FILE.test(name) })) {
      if (!covered(entry.path, models, registered) && loose.length < MAX_LISTED) loose.push(entry.path);
    }
  }
  const listed = gone.slice(0, MAX_LISTED).map(({ row, path }) => ({ name: row.name, type: row.type, base: row.base, path }));
  return {
    'install.registeredWithoutFile': known(listed, source),
    'install.registeredLoras': known(
      rows.filter((row) => row.type === 'lora').map((row) => row.name),
      source,
    ),
    'install.unregisteredFiles': known(loose, source),
  };
}

/** A row may name the file, or a folder (diffusers) that holds it. */
function covered(path: string, models: string, registered: ReadonlySet<string>): boolean {
  for (let at = path; at.length > models.length; at = at.slice(0, Math.max(at.lastIndexOf('/'), at.lastIndexOf('\\')))) {
    if (registered.has(at)) return true;
  }
  return false;
}
