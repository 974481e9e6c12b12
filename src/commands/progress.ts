import { show } from '../formats/show';
import { truncateMiddle } from '../report/width';
import type { CommandContext } from './context';

/** Nothing is shown of what ends sooner. */
const PATIENCE_MS = 500;
const STEP_MS = 100;

/** One line on stderr that says how far a long read has come; on a terminal only. Bytes as shops count. */
export class ProgressLine {
  readonly #context: Pick<CommandContext, 'stderr' | 'lang' | 'platform'>;
  readonly #started: number;
  #told = 0;
  #shown = false;

  constructor(context: Pick<CommandContext, 'stderr' | 'lang' | 'platform'>) {
    this.#context = context;
    this.#started = context.platform.now();
  }

  /** Takes an outside name as it is. */
  show(name: string, done: number, total: number): void {
    this.#show(name, done, total, `${gigabytes(done)} / ${gigabytes(total)} GB`);
  }

  /** Of a folder: how many of its pictures were read. */
  pictures(name: string, done: number, total: number): void {
    const what = this.#context.lang === 'zh-CN' ? '张图片' : 'pictures';
    this.#show(name, done, total, `${done} / ${total} ${what}`);
  }

  #show(name: string, done: number, total: number, far: string): void {
    const { stderr, lang, platform } = this.#context;
    const now = platform.now();
    if (!stderr.isTTY || total <= 0 || now - this.#started < PATIENCE_MS || now - this.#told < STEP_MS) return;
    this.#told = now;
    const left = done > 0 ? Math.ceil((((now - this.#started) / done) * (total - done)) / 1000) : 0;
    const rest = lang === 'zh-CN' ? `约剩 ${left} 秒（Ctrl-C 停止）` : `${left} s left (Ctrl-C stops)`;
    const figures = `${far}  ${Math.floor((100 * done) / total)} %  ${rest}`;
    const columns = Math.max(20, (stderr.columns ?? 80) - 1);
    const text = truncateMiddle(`${truncateMiddle(show(name, 200), 30, '...')}  ${figures}`, columns, '...');
    stderr.write(`\r${text}${REST_OF_LINE}`);
    this.#shown = true;
  }

  /** Wipes the line. */
  end(): void {
    if (this.#shown) this.#context.stderr.write(`\r${REST_OF_LINE}`);
    this.#shown = false;
  }
}

/** Erases what an earlier, longer text left. */
const REST_OF_LINE = '\u001b[K';
const gigabytes = (bytes: number): string => (bytes / 1e9).toFixed(1);
