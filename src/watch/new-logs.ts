import { isLogName } from '../formats/log/log-name';
import { type Platform, ReadError } from '../platform/platform';

/** How often the folders are looked at: a program that is started after us makes a log that was not there before. */
const LOOK_MS = 2000;

/** Tells of logs that appear in folders (not in their subfolders) with something in them; the timer keeps no process alive. */
export class NewLogs {
  readonly #platform: Pick<Platform, 'list' | 'stat'>;
  readonly #onNew: (paths: readonly string[]) => void;
  readonly #known = new Set<string>();
  #folders: readonly string[] = [];
  #timer: NodeJS.Timeout | null = null;

  constructor(platform: Pick<Platform, 'list' | 'stat'>, onNew: (paths: readonly string[]) => void) {
    this.#platform = platform;
    this.#onNew = onNew;
  }

  /** What lies in folders that were not looked at before is not new. */
  look(folders: readonly string[]): void {
    for (const folder of folders)
      if (!this.#folders.includes(folder)) for (const path of this.#logsIn(folder)) this.#known.add(path);
    this.#folders = folders;
    this.#timer ??= setInterval(() => this.#tell(), LOOK_MS).unref();
  }

  stop(): void {
    if (this.#timer !== null) clearInterval(this.#timer);
    this.#timer = null;
  }

  #tell(): void {
    const added = this.#folders.flatMap((folder) => this.#logsIn(folder)).filter((path) => !this.#known.has(path));
    for (const path of added) this.#known.add(path);
    if (added.length > 0) this.#onNew(added);
  }

  #logsIn(folder: string): string[] {
    return this.#names(folder)
      .filter((name) => isLogName(name) && !name.endsWith('.gz'))
      .map((name) => `${folder}/${name}`)
      .filter((path) => (this.#platform.stat(path)?.size ?? 0) > 0);
  }

  #names(folder: string): readonly string[] {
    try {
      return this.#platform.list(folder);
    } catch (error) {
      if (error instanceof ReadError) return [];
      throw error;
    }
  }
}
