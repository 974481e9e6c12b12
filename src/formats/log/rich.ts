/**
 * Loggers that print through rich break a long message over several lines and put `file.py:LINE` at the right edge of the
 * first (webui-a1111-family.md §11, kohya-training.md §2). This joins such a message again.
 */
export interface RichJoiner {
  /** True while the next line may continue a message. */
  active(): boolean;
  /** Begins a message when the line ends in a `file.py:LINE` column. */
  start(body: string, line: number): boolean;
  /** Adds the line when it continues the message. */
  join(body: string): boolean;
  /** The message put together, with the line that it began on; null when there is none. */
  take(): { readonly text: string; readonly line: number } | null;
  /** The same, read on apart. */
  fork(): RichJoiner;
}

const COLUMN = /\s[\w.-]{1,60}\.py:\d{1,6}\s{0,8}$/;
const CONTINUATION = /^\s{9,60}\S/;
const LONGEST = 4096;

export function createRichJoiner(before: { text: string; line: number } | null = null): RichJoiner {
  let message = before;
  return {
    fork: () => createRichJoiner(message && { ...message }),
    active: () => message !== null,
    start(body, line) {
      const column = body.length > LONGEST ? null : COLUMN.exec(body);
      if (!column) return false;
      message = { text: body.slice(0, column.index).trimEnd(), line };
      return true;
    },
    join(body) {
      if (!message || message.text.length > LONGEST || !CONTINUATION.test(body) || COLUMN.test(body)) return false;
      message.text = `${message.text} ${body.trim()}`;
      return true;
    },
    take() {
      const whole = message;
      message = null;
      return whole;
    },
  };
}
