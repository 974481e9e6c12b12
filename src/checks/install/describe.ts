import { basename, join } from 'node:path';
import type { Subject } from '../../facts/subject';
import { type Fact, known, unknown } from '../../facts/value';
import { readScript, scriptKind } from '../../formats/launch/find-args';
import type { Script } from '../../formats/launch/script';
import { type Arguments, findArguments } from './arguments';
import { type Environment, findEnvironment } from './environment';
import { environmentFacts } from './environment-facts';
import { addedOptions, extraFacts, logFiles, logFolders } from './extras';
import { flagFacts, readFlags } from './flags';
import { a1111Folders, dataFolder, type FolderContext, type Folders, NO_FOLDERS } from './folders';
import { comfyFolders } from './folders-comfy';
import { easyFolders, fooocusFolders, invokeFolders, sdnextFolders, swarmFolders } from './folders-other';
import { type Identity, identify } from './identity';
import { invokeFacts } from './invoke';
import { osOf, packageOf } from './layout';
import type { InstallOs, Look } from './look';
import type { FoundInstall } from './search';
import { readSettings } from './settings';
import { settingsFacts } from './settings-facts';
import { styleFacts } from './styles';
import type { Unscanned } from './unscanned';

export interface Described {
  readonly install: FoundInstall;
  readonly subject: Subject;
  readonly facts: { [fact: string]: Fact };
  readonly folders: Folders;
}

/** Everything about one install, except which other folders look like its own (that needs all installs). */
export function describe(look: Look, install: FoundInstall): Described {
  const { ui, root } = install;
  const os = osOf(look, root);
  const pack = packageOf(look, install);
  const identity = identify(look, ui, root);
  const args = findArguments(look, install, os, pack);
  const flags = readFlags(args.words, { ui, version: identity.version, added: addedOptions(look, root) });
  const settings = readSettings(look, ui, root, dataFolder(root, os, flags), os, flags);
  const context: FolderContext = { look, ui, root, os, version: identity.version, flags, settings };
  const folders = foldersOf(context, install.desktop);
  const env = findEnvironment(look, ui, root, userScript(look, root, os));
  const packaged = pack.layout === 'portable' || pack.layout === 'aki' || pack.layout === 'li' || pack.layout === 'zip';
  const logPlaces = logFolders(look, install, folders, packaged);
  const facts: { [fact: string]: Fact } = {
    'install.ui': known(ui),
    'install.os': known(os),
    'install.path': known(root),
    'install.dataPath': known(folders.data),
    'install.layout': known(pack.layout),
    ...identityFacts(versioned(identity, ui, env)),
    ...argumentFacts(args),
    'install.flagProblems': known(flags.problems.map((problem) => ({ ...problem }))),
    ...flagFacts(ui, flags),
    ...folderFacts(look, root, folders),
    'install.logFolders': known(logPlaces),
    'install.logFiles': known(logFiles(look, install, logPlaces)),
    ...extraFacts(look, ui, root, folders),
    ...(ui === 'invokeai' ? invokeFacts(look, root, folders) : {}),
    ...environmentFacts(look, ui, identity.version, os, flags, env),
    ...styleFacts(look, ui, root, folders.data, os, flags),
    ...settingsFacts({ look, ui, root, os, settings, folders, flags }),
  };
  return { install, subject: { kind: 'install', id: `install:${root}`, path: root, label: basename(root) }, facts, folders };
}

/** InvokeAI is a Python package: its version is that of the package. */
function versioned(identity: Identity, ui: FoundInstall['ui'], env: Environment | null): Identity {
  const found =
    ui === 'invokeai' && identity.version === null ? env?.packages.find((entry) => entry.name === 'invokeai') : undefined;
  return found?.version ? { ...identity, version: found.version, versionSource: env?.site ?? null } : identity;
}

function userScript(look: Look, root: string, os: InstallOs): Script | null {
  const name = os === 'windows' ? 'webui-user.bat' : 'webui-user.sh';
  const text = look.text(join(root, name));
  return text === null ? null : readScript(text, scriptKind(name), root);
}

function foldersOf(context: FolderContext, desktop: boolean): Folders {
  switch (context.ui) {
    case 'comfyui':
      return comfyFolders(context, desktop);
    case 'sdnext':
      return sdnextFolders(context);
    case 'fooocus':
      return fooocusFolders(context);
    case 'swarmui':
      return swarmFolders(context);
    case 'invokeai':
      return invokeFolders(context);
    case 'easydiffusion':
      return easyFolders(context);
    case 'kohya':
      return { ...NO_FOLDERS, data: context.root };
    default:
      return a1111Folders(context);
  }
}

function identityFacts(identity: Identity): { [fact: string]: Fact } {
  const facts: { [fact: string]: Fact } = {
    'install.version':
      identity.version === null
        ? unknown('not-stated', 'no version file that tells it')
        : known(identity.version, identity.versionSource === null ? undefined : { path: identity.versionSource }),
  };
  for (const key of ['commit', 'branch', 'remote'] as const) {
    const value = identity[key];
    if (value !== null) facts[`install.${key}`] = known(value);
  }
  return facts;
}

const SECRET_OPTION = /^--?[\w-]{0,60}(?:auth|token|password|secret|api[-_]?key|ngrok)$/i;

/** The value of an option that holds a password or a token decides nothing and travels nowhere (reliability.md CF-19). */
function withoutSecrets(words: readonly string[]): string[] {
  return words.map((word, i) => {
    const equals = word.startsWith('-') ? word.indexOf('=') : -1;
    if (equals > 0) return SECRET_OPTION.test(word.slice(0, equals)) ? `${word.slice(0, equals)}=***` : word;
    return !word.startsWith('--') && SECRET_OPTION.test(words[i - 1] ?? '') ? '***' : word;
  });
}

function argumentFacts(args: Arguments): { [fact: string]: Fact } {
  const source = args.source === null ? undefined : { path: args.source, ...(args.line > 0 ? { line: args.line } : {}) };
  const facts: { [fact: string]: Fact } = {
    'install.args': args.broken === null ? known(withoutSecrets(args.words), source) : unknown('unreadable', args.broken),
    'install.argsCertain': known(args.certain, source),
    'install.lostBackslashes': known(args.lostBackslashes, source),
  };
  if (args.source !== null) facts['install.argsSource'] = known(args.source, source);
  if (args.broken !== null) facts['install.argsBroken'] = known(args.broken, source);
  return facts;
}

const FOLDER_FACTS = {
  lora: 'loraFolders',
  lycoris: 'lycorisFolders',
  checkpoint: 'checkpointFolders',
  vae: 'vaeFolders',
  encoder: 'encoderFolders',
  embedding: 'embeddingFolders',
  output: 'outputFolders',
  workflow: 'workflowFolders',
} as const;

/** Folders that exist go into their lists, the others into `missingFolders`. */
function folderFacts(look: Look, root: string, folders: Folders): { [fact: string]: Fact } {
  const facts: { [fact: string]: Fact } = {};
  const missing = new Set<string>();
  for (const [key, name] of Object.entries(FOLDER_FACTS)) {
    const all = [...new Set(folders[key as keyof typeof FOLDER_FACTS])];
    for (const path of all) if (!look.isFolder(path)) missing.add(path);
    facts[`install.${name}`] = known(all.filter((path) => !missing.has(path)));
  }
  // Default folders are made by the program itself; what a flag, a setting or a yaml names is worth a word.
  const named = new Set([...folders.namedLora, ...folders.yaml.map((problem) => problem.value)]);
  facts['install.missingFolders'] = known(
    [...missing].filter((path) => named.has(path) || !(path.startsWith(folders.data) || path.startsWith(root))),
  );
  facts['install.missingLoraFolders'] = known(folders.namedLora.filter((path) => missing.has(path)));
  facts['install.extraPathProblems'] = known(folders.yaml.map((problem) => ({ ...problem })));
  return facts;
}

/** The facts about folders nobody searches. */
export function unscannedFacts(list: readonly Unscanned[]): { [fact: string]: Fact } {
  return {
    'install.unscannedLoraFolders': known(list.map((entry) => entry.path)),
    'install.unscannedLoraReasons': known(list.map((entry) => ({ ...entry }))),
  };
}
