import { join } from 'node:path';
import type { Ui } from '../../facts/families';
import { type Fact, known, na, unknown } from '../../facts/value';
import type { Flags } from './flags';
import type { Folders } from './folders';
import { type InstallOs, type Look, resolveFor } from './look';
import { type Settings, settingName } from './settings';
import { fileFacts } from './settings-file';

type Facts = { [fact: string]: Fact };

export interface SettingsContext {
  readonly look: Look;
  readonly ui: Ui;
  readonly root: string;
  readonly os: InstallOs;
  readonly settings: Settings;
  readonly folders: Folders;
  readonly flags: Flags;
}

const A1_FAMILY: ReadonlySet<Ui> = new Set<Ui>(['a1111', 'forge', 'reforge', 'forge-classic', 'forge-neo']);

/** Settings that decide a diagnosis, defaults included (webui-a1111-family.md §5.2). */
export function settingsFacts(context: SettingsContext): Facts {
  const { ui, settings } = context;
  if (settings.path === null) return {};
  const facts: Facts = { 'install.configState': known(settings.state, { path: settings.path }) };
  if (settings.state !== 'missing') facts['install.configFile'] = known(settings.path);
  Object.assign(facts, fileFacts(settings, context.look, context.folders.data));
  if (settings.state === 'broken' || settings.state === 'unreadable') return facts;
  const checkpoint = settings.text('sd_model_checkpoint') ?? settings.text('default_model');
  if (checkpoint !== null && checkpoint !== '')
    facts['install.checkpointSetting'] = known(checkpoint, source(settings, 'sd_model_checkpoint'));
  if (A1_FAMILY.has(ui)) return { ...facts, ...familyFacts(context), ...moduleFacts(context) };
  if (ui === 'sdnext') {
    return {
      ...facts,
      ...vaeFacts(context),
      'install.sdnextLoraApplyTe': setting(settings, 'lora_apply_te', false),
      'install.clipSkip': setting(settings, 'clip_skip', 1),
    };
  }
  return facts;
}

function source(settings: Settings, key: string): { path: string; text: string } | undefined {
  return settings.path !== null && Object.hasOwn(settings.values, key) ? { path: settings.path, text: key } : undefined;
}

/** The value of a key, `normal` when it is absent. Of another type it does what nobody can foresee: not known. */
function setting(settings: Settings, key: string, normal: string | number | boolean): Fact {
  const where = source(settings, key);
  const value =
    typeof normal === 'string' ? settings.text(key) : typeof normal === 'number' ? settings.number(key) : settings.flag(key);
  if (value === null && Object.hasOwn(settings.values, key) && settings.values[key] !== null) {
    const detail = `${key}: not a ${typeof normal}`;
    return where === undefined
      ? unknown('unreadable', detail)
      : { state: 'unknown', reason: 'unreadable', detail, source: where };
  }
  return known(value ?? normal, where);
}

function familyFacts(context: SettingsContext): Facts {
  const { ui, settings, folders, flags } = context;
  const disabled = settings.list('disabled_extensions');
  const builtin = ui === 'forge' || ui === 'forge-neo' ? 'sd_forge_lora' : 'Lora';
  const all = settings.text('disable_all_extensions') === 'all' || flags.has('--disable-all-extensions');
  const always = settings.text('sd_lora');
  const facts: Facts = {
    'install.disabledExtensions': known([...disabled]),
    'install.loraExtensionDisabled': known(
      all || disabled.includes(builtin),
      source(settings, all ? 'disable_all_extensions' : 'disabled_extensions'),
    ),
    'install.hideUnknownFor':
      ui === 'forge' || ui === 'forge-neo'
        ? na
        : known([...settings.list('lora_hide_unknown_for_versions')], source(settings, 'lora_hide_unknown_for_versions')),
    'install.showAllLoras': showAll(context),
    'install.presetFilter': ui === 'forge-neo' ? setting(settings, 'lora_preset_filter', false) : na,
    'install.listHiddenFiles': setting(settings, 'list_hidden_files', true),
    // The whole path counts: an install below ~/.local is hidden altogether (§2.1).
    'install.inHiddenFolder': known(folders.lora.some((path) => /[\\/]\./.test(path))),
    'install.preferredName': setting(settings, 'lora_preferred_name', 'Alias from file'),
    'install.clipSkip': setting(settings, 'CLIP_stop_at_last_layers', ui === 'forge-neo' ? 2 : 1),
    'install.upcastAttentionSetting': ui === 'a1111' ? setting(settings, 'upcast_attn', false) : na,
  };
  if (always !== null && always !== '' && always !== 'None')
    facts['install.alwaysAddedLora'] = known(always, source(settings, 'sd_lora'));
  const fp8 = settings.text('fp8_storage');
  if (fp8 !== null) facts['install.fp8Storage'] = known(fp8, source(settings, 'fp8_storage'));
  return {
    ...facts,
    ...(ui === 'forge' || ui === 'forge-neo' ? { 'install.vaeSetting': na, 'install.vaeMissing': na } : vaeFacts(context)),
  };
}

/** A1111 and its old forks leave cards of another base version off the page unless told not to; Forge shows all (§9). */
function showAll({ ui, settings }: SettingsContext): Fact {
  if (ui === 'forge') return setting(settings, 'lora_filter_disabled', true);
  return ui === 'forge-neo' ? na : setting(settings, 'lora_show_all', false);
}

/** `sd_vae` is a file name in a VAE folder or beside a checkpoint; `--vae-path` overrides it. */
function vaeFacts({ look, root, os, settings, folders, flags }: SettingsContext): Facts {
  const flag = flags.value('--vae-path') ?? flags.value('--vae');
  if (flag !== null) {
    const path = resolveFor(os, root, flag);
    return { 'install.vaeSetting': known(path), 'install.vaeMissing': known(!look.isFile(path), { path, text: '--vae-path' }) };
  }
  const value = settings.text('sd_vae') ?? 'Automatic';
  const where = source(settings, 'sd_vae');
  if (['Automatic', 'None', 'Default', 'TAESD', ''].includes(value))
    return { 'install.vaeSetting': known(value, where), 'install.vaeMissing': known(false, where) };
  const name = settingName(value);
  const found = [...folders.vae, ...folders.checkpoint].some((folder) => hasFile(look, folder, name));
  return { 'install.vaeSetting': known(value, where), 'install.vaeMissing': known(!found, where) };
}

function hasFile(look: Look, folder: string, name: string): boolean {
  if (look.isFile(join(folder, name))) return true;
  if (!look.isFolder(folder)) return false;
  for (const entry of look.platform.walk(folder, { maxDepth: 4, maxEntries: 5000, file: (candidate) => candidate === name }))
    return entry.name === name;
  return false;
}

/** Forge: VAE and text encoders are absolute paths that break when the install moves (traps 34). */
function moduleFacts({ look, ui, root, os, settings }: SettingsContext): Facts {
  if (ui !== 'forge' && ui !== 'forge-neo') return {};
  const modules = settings.list('forge_additional_modules');
  const where = source(settings, 'forge_additional_modules');
  const missing = modules.filter((raw) => !look.isFile(resolveFor(os, root, raw)));
  const preset = settings.text('forge_preset');
  return {
    'install.forgeModules': known([...modules], where),
    'install.forgeModulesMissing': known(missing, where),
    ...(preset === null ? {} : { 'install.forgePreset': known(preset, source(settings, 'forge_preset')) }),
  };
}
