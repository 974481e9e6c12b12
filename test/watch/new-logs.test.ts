import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { type FileInfo, ReadError } from '../../src/platform/platform';
import { NewLogs } from '../../src/watch/new-logs';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

it('tells of a log that appears with something in it, once, and of none that was there', () => {
  const sizes = new Map([['/ui/old.log', 5]]);
  const platform = {
    list: (folder: string): string[] => {
      const names = [...sizes.keys()]
        .filter((path) => path.lastIndexOf('/') === folder.length && path.startsWith(`${folder}/`))
        .map((path) => path.slice(folder.length + 1));
      if (names.length === 0) throw new ReadError('missing', folder, 'gone');
      return names;
    },
    stat: (path: string): FileInfo | null => ({ kind: 'file', size: sizes.get(path) ?? 0, mtimeMs: 0 }) as FileInfo,
  };
  const told: string[] = [];
  const logs = new NewLogs(platform, (paths) => told.push(...paths));
  logs.look(['/ui', '/ui/logs']);
  vi.advanceTimersByTime(3000);
  expect(told).toEqual([]);
  sizes.set('/ui/webui.log', 0).set('/ui/model.safetensors', 9).set('/ui/logs/a.log.1.gz', 9).set('/ui/logs/run.log', 3);
  vi.advanceTimersByTime(3000);
  expect(told).toEqual(['/ui/logs/run.log']);
  sizes.set('/ui/webui.log', 7);
  vi.advanceTimersByTime(10_000);
  expect(told).toEqual(['/ui/logs/run.log', '/ui/webui.log']);
  logs.stop();
  sizes.set('/ui/late.log', 7);
  vi.advanceTimersByTime(10_000);
  expect(told).toHaveLength(2);
});
