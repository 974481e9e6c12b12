import fs from 'node:fs';
import { freemem, totalmem } from 'node:os';
import { systemPath } from './names';

/** Main memory in bytes. In a container the cgroup's limit counts when it is lower (reliability.md SY-20). */
export interface MemoryInfo {
  readonly total: number;
  readonly free: number;
  /** Page file or swap; null where the system does not tell. */
  readonly swapTotal: number | null;
}

export function memoryInfo(): MemoryInfo {
  const limit = cgroupLimit();
  const meminfo = process.platform === 'linux' ? readText('/proc/meminfo') : null;
  const available = meminfo === null ? null : kib(meminfo, 'MemAvailable');
  const total = totalmem();
  const free = available ?? freemem();
  const swapTotal = meminfo === null ? null : kib(meminfo, 'SwapTotal');
  if (limit === null || limit >= total) return { total, free, swapTotal };
  const used = Number(readText('/sys/fs/cgroup/memory.current') ?? readText('/sys/fs/cgroup/memory/memory.usage_in_bytes') ?? 0);
  return { total: limit, free: Math.min(free, Math.max(0, limit - used)), swapTotal };
}

/** Free bytes for this user on the disk of `path`; null when it cannot be told. */
export function diskFree(path: string): number | null {
  try {
    const { bavail, bsize } = fs.statfsSync(systemPath(path, process.platform === 'win32'));
    return bavail * bsize;
  } catch {
    return null;
  }
}

function cgroupLimit(): number | null {
  if (process.platform !== 'linux') return null;
  const text = (readText('/sys/fs/cgroup/memory.max') ?? readText('/sys/fs/cgroup/memory/memory.limit_in_bytes'))?.trim();
  return text !== undefined && /^\d+$/.test(text) ? Number(text) : null;
}

function kib(meminfo: string, key: string): number | null {
  const match = new RegExp(`^${key}:\\s+(\\d+) kB`, 'm').exec(meminfo);
  return match ? Number(match[1]) * 1024 : null;
}

function readText(path: string): string | null {
  try {
    return fs.readFileSync(path, 'utf8');
  } catch {
    return null;
  }
}
