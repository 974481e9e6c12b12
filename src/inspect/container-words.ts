import type { ContainerView } from '../formats/model/inspect';
import { CONTAINER_FAULTS } from '../report/code-words';

/** Why a container is not read, in Chinese, with the reader's own words behind it. Holds raw names: `show()` it. */
export function containerFaultZh({ code, message }: NonNullable<ContainerView['error']>): string {
  const words =
    CONTAINER_FAULTS[code]?.zh ?? (code.startsWith('foreign-') ? `这是 ${code.slice('foreign-'.length)} 文件，不是模型` : null);
  if (words === null) return message;
  return WORDED.has(code) || code.startsWith('foreign-') ? words : `${words}（${message}）`;
}

/** What the message adds nothing to. */
const WORDED: ReadonlySet<string> = new Set([
  'empty',
  'zeros',
  'picture',
  'lfs-pointer',
  'json',
  'text',
  'zip',
  'zip-end-missing',
  'unknown',
]);
