import type { Ui } from '../../facts/families';
import type { ReadLog } from '../../formats/log/read';
import type { ReadError } from '../../platform/platform';

/** What the thread is started with (`worker.ts`). */
export interface Order {
  readonly path: string;
  readonly ui: Ui | 'auto';
}

/** What it sends back. */
export type Answer =
  | { readonly kind: 'read'; readonly read: ReadLog }
  | { readonly kind: 'failed'; readonly code: ReadError['code']; readonly detail: string };
