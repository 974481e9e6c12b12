import { join } from 'node:path';
import { type Fact, known, na } from '../../facts/value';
import { isRecord, parseJson } from '../../formats/json';
import { readSettingsText, repeatedKeys, type SettingsEntry } from '../../formats/settings-text';
import type { Look } from './look';
import type { Settings } from './settings';

/** Settings that people miss first when a file is lost. */
const MISSED = [
  'sd_model_checkpoint',
  'sd_vae',
  'CLIP_stop_at_last_layers',
  'forge_preset',
  'forge_additional_modules',
  'lora_preferred_name',
  'outdir_samples',
  'outdir_txt2img_samples',
];
/** Copies that people, editors and tools make. */
const COPY = /^config(?!\.json$)(?:\.json)?[\s._~(-].{0,60}$|^config\.json~$/i;
const SECRET = /key|token|secret|passw|auth/i;
const MOST = 20;

/** What is to be said of the settings file as a file: why it cannot be read and what stood in it, or which keys it names twice. */
export function fileFacts(settings: Settings, look: Look, data: string): { [fact: string]: Fact } {
  const { path, state, fault, source } = settings;
  if (path === null || (state !== 'ok' && state !== 'broken')) return {};
  const { entries, slip } = readSettingsText(source.text);
  if (fault === null) {
    const repeats = repeatedKeys(entries).map(inWords).slice(0, MOST);
    return { 'install.configRepeats': known(repeats, { path }) };
  }
  const { line, column } = fault;
  const place = line === null ? { path } : { path, line };
  const backup = newestCopy(look, data, path, entries);
  return {
    'install.configFault': known(fault.kind, place),
    'install.configFaultLine': line === null ? na : known(line),
    'install.configFaultColumn': column === null ? na : known(column),
    'install.configEncoding': known(source.encoding, { path }),
    'install.configSlip': slip === null ? na : known(slip.kind, { path, line: slip.line }),
    'install.configSlipPlace': slip === null ? na : known(`${slip.line}:${slip.column}`, { path, line: slip.line }),
    'install.configMeant': known(entries.filter(({ key }) => MISSED.includes(key)).map(({ key, value }) => `${key}: ${value}`)),
    'install.configBackup': backup === null ? na : known(backup),
  };
}

/** `key: first value (line 3), last value (line 9)`. */
function inWords(same: readonly SettingsEntry[]): string {
  const key = same[0]?.key ?? '';
  return `${key}: ${same.map(({ value, line }) => `${SECRET.test(key) ? '***' : value} (${line})`).join(', ')}`;
}

/** The newest whole copy beside it, or in tmp, where an earlier broken one was moved; it must hold a key of this program. */
function newestCopy(look: Look, data: string, path: string, entries: readonly SettingsEntry[]): string | null {
  const own = new Set(['sd_model_checkpoint', 'outdir_samples', 'samples_format', ...entries.map(({ key }) => key)]);
  const candidates = [...look.names(data)].filter((name) => COPY.test(name)).map((name) => join(data, name));
  const found = [...candidates, join(data, 'tmp/config.json')]
    .filter((candidate) => candidate !== path && look.isFile(candidate))
    .map((candidate) => ({ candidate, at: look.platform.stat(candidate)?.mtimeMs ?? 0 }))
    .sort((a, b) => b.at - a.at)
    .slice(0, MOST);
  const whole = found.find(({ candidate }) => {
    const value = parseJson(look.text(candidate) ?? '');
    return isRecord(value) && Object.keys(value).some((key) => own.has(key));
  });
  return whole?.candidate ?? null;
}
