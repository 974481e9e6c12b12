import { basename, join } from 'node:path';
import type { Ui } from '../../facts/families';
import { isRecord, type JsonRecord, parseJson } from '../../formats/json';
import { decodeUtf8 } from '../../formats/launch/decode';
import { decodePiece, type LogEncoding, sniffUtf16 } from '../../formats/log/decode';
import { type SettingsFault, settingsFault } from '../../formats/settings-fault';
import type { Flags } from './flags';
import { type InstallOs, type Look, resolveFor } from './look';

/** A program's settings file (config.json, config.txt): what stands in it, absent keys being defaults. */
export interface Settings {
  readonly path: string | null;
  readonly state: 'ok' | 'missing' | 'broken' | 'unreadable';
  readonly values: JsonRecord;
  /** What is wrong with a broken file. */
  readonly fault: SettingsFault | null;
  /** The whole file, decoded as well as can be; empty where there is none. */
  readonly source: SettingsSource;
  text(key: string): string | null;
  flag(key: string): boolean | null;
  number(key: string): number | null;
  list(key: string): readonly string[];
}

interface SettingsSource {
  readonly text: string;
  readonly encoding: LogEncoding;
}

/** `--ui-settings-file` (A1111 family), `--config` (SD.Next), else config.json at the data folder; config.txt of Fooocus. */
export function readSettings(look: Look, ui: Ui, root: string, data: string, os: InstallOs, flags: Flags): Settings {
  const name = ui === 'fooocus' ? 'config.txt' : 'config.json';
  const flag = ui === 'sdnext' ? flags.value('--config') : flags.value('--ui-settings-file');
  const path = flag === null ? join(data, name) : resolveFor(os, root, flag);
  const uses = ui !== 'comfyui' && ui !== 'invokeai' && ui !== 'swarmui' && ui !== 'easydiffusion' && ui !== 'kohya';
  if (!uses || !look.exists(path)) return settingsOf(uses ? path : null, 'missing', {});
  const bytes = look.bytes(path);
  if (bytes === null) return settingsOf(path, 'unreadable', {});
  // The programs open it as UTF-8 and refuse a byte order mark: they start with their defaults then.
  const text = decodeUtf8(bytes);
  const value = parseJson(text ?? '');
  const source = decodeAny(bytes);
  if (isRecord(value)) return settingsOf(path, 'ok', value, source);
  return settingsOf(path, 'broken', {}, source, settingsFault(bytes, text));
}

/** For people: the programs know UTF-8 alone. */
function decodeAny(bytes: Uint8Array): SettingsSource {
  const wide = sniffUtf16(bytes);
  return wide ? { text: new TextDecoder(wide).decode(bytes), encoding: wide } : decodePiece(bytes);
}

const NO_SOURCE: SettingsSource = { text: '', encoding: 'ascii' };

function settingsOf(
  path: string | null,
  state: Settings['state'],
  values: JsonRecord,
  source: SettingsSource = NO_SOURCE,
  fault: SettingsFault | null = null,
): Settings {
  const own = (key: string): unknown => (Object.hasOwn(values, key) ? values[key] : undefined);
  return {
    path,
    state,
    values,
    fault,
    source,
    text: (key) => {
      const value = own(key);
      return typeof value === 'string' ? value : null;
    },
    flag: (key) => {
      const value = own(key);
      return typeof value === 'boolean' ? value : null;
    },
    number: (key) => {
      const value = own(key);
      return typeof value === 'number' && Number.isFinite(value) ? value : null;
    },
    list: (key) => {
      const value = own(key);
      const many = Array.isArray(value) ? value : typeof value === 'string' && value !== '' ? [value] : [];
      return many.filter((item): item is string => typeof item === 'string').slice(0, 2000);
    },
  };
}

/** File name of a setting that may hold a Windows or a POSIX path, or a plain name. */
export function settingName(value: string): string {
  return basename(value.replaceAll('\\', '/'));
}
