import { join } from 'node:path';
import type { Ui } from '../../facts/families';
import { type Fact, known, type Source, unknown } from '../../facts/value';
import { type DistInfo, readMetadata, torchBuild } from '../../formats/python-env';
import { duplicates, type Environment, onlyOne, placeOf } from './environment';
import { expectedOf, notOlder } from './expected';
import type { Flags } from './flags';
import type { InstallOs, Look } from './look';
import { builtFor, sameRelease, torchvisionFits } from './xformers';

/** Packages whose version may decide a diagnosis. */
const OF_INTEREST = new Set(
  `torch torchvision torchaudio xformers gradio safetensors diskcache transformers numpy diffusers accelerate bitsandbytes triton
triton-windows sageattention flash-attn lycoris-lora pytorch-lightning huggingface-hub peft invokeai comfyui-frontend-package
comfyui-manager protobuf setuptools tokenizers prodigyopt dadaptation onnxruntime onnxruntime-gpu opencv-python insightface
torch-directml intel-extension-for-pytorch open-clip-torch kornia gguf pillow scipy`.split(/\s+/),
);

type Facts = { [fact: string]: Fact };

/** Facts about Python and its packages. Without a readable environment they are unknown, never "missing". */
export function environmentFacts(
  look: Look,
  ui: Ui,
  version: string | null,
  os: InstallOs,
  flags: Flags,
  env: Environment | null,
): Facts {
  const facts: Facts = {
    'install.xformersRequested': known(flags.has('--xformers', '--force-enable-xformers', '--use-xformers')),
  };
  const expected = expectedOf(ui, version, os);
  if (expected.python)
    facts['install.expectedPython'] = known([...new Set(expected.python)].map((minor) => `3.${minor}`).join('–'));
  if (expected.torch !== null) facts['install.torchExpected'] = known(expected.torch);
  if (env === null) return facts;
  if (env.python !== null) {
    const source = sourceOf(env.pythonSource);
    facts['install.python'] = known(env.python, source);
    const minor = /^3\.(\d+)/.exec(env.python)?.[1];
    if (expected.python && minor !== undefined) {
      const fits = Number(minor) >= expected.python[0] && Number(minor) <= expected.python[1];
      facts['install.pythonFits'] = known(fits, source);
    }
  }
  facts['install.pythonOrigin'] = known(env.origin, sourceOf(env.pythonSource));
  facts['install.pythonBits'] = env.bits === null ? known('unknown') : known(String(env.bits));
  if (env.site === null) return facts;
  return {
    ...facts,
    ...packageFacts(look, env, env.site, expected.needs),
    ...torchFacts(env, env.site, expected.torch, os),
    ...xformersFacts(look, env, env.site),
  };
}

function sourceOf(path: string | null): Source {
  return path === null ? {} : { path };
}

function packageFacts(look: Look, env: Environment, site: string, needs: readonly string[]): Facts {
  const names = new Set(env.packages.map((entry) => entry.name));
  const ofInterest = env.packages.filter((entry) => OF_INTEREST.has(entry.name));
  const twice = duplicates(env.packages);
  const facts: Facts = {
    'install.sitePackages': known(site),
    'install.packages': known(
      ofInterest.map(({ name, version, source }) => ({ name, version: version ?? 'unknown', source })),
      { path: site },
    ),
    'install.packageNames': known([...names].slice(0, 2000), { path: site }),
    'install.duplicatePackages': known(
      twice.slice(0, 200).map(({ name, versions }) => `${name} ${versions.join(', ')}`),
      { path: site },
    ),
    'install.unclearPackages': known(
      twice.flatMap(({ name }) => (OF_INTEREST.has(name) ? [name] : [])),
      { path: site },
    ),
    'install.brokenPackages': known(
      ofInterest.filter((entry) => withoutMetadata(look, site, entry)).map(({ name }) => name),
      { path: site },
    ),
    'install.interruptedPackages': known(env.interrupted.slice(0, 200), { path: site }),
  };
  // An environment without any package listing (system packages, a bare marker tree) tells nothing about what is missing, and
  // conda's list has other names for some.
  if (env.packages.some(({ source }) => source !== 'conda'))
    facts['install.missingPackages'] = known(
      // Python imports a folder whose listing is lost.
      needs.filter((name) => !names.has(name) && !look.names(site).has(name.replaceAll('-', '_'))),
      { path: site },
    );
  return facts;
}

/** A listing that an interrupted install, or a full disk, left without what it is about: Python finds the package and no version. */
function withoutMetadata(look: Look, site: string, { source, folder }: DistInfo): boolean {
  return source === 'wheel' && readMetadata(look.text(join(site, folder, 'METADATA')) ?? '').version === null;
}

function torchFacts(env: Environment, site: string, expected: string | null, os: InstallOs): Facts {
  if (env.torch === null) return unclear(env, 'torch');
  const { version, info } = env.torch;
  const source = { path: env.torch.source };
  const build = torchBuild(version, info) ?? (os === 'windows' || os === 'macos' ? 'cpu' : null);
  const facts: Facts = { 'install.torch': known(version, source) };
  if (build === null) facts['install.torchCuda'] = unknown('not-stated', 'the version has no build tag');
  else {
    const isCuda = /^\d/.test(build);
    facts['install.torchCuda'] = known(build, source);
    facts['install.torchBuild'] = known(
      isCuda ? 'cuda' : build.startsWith('rocm') ? 'rocm' : build === 'cpu' || build === 'xpu' ? build : 'other',
      source,
    );
    if (isCuda) facts['install.torchCudaVersion'] = known(build, source);
  }
  if (expected !== null) facts['install.torchMatches'] = known(notOlder(version, expected), source);
  const vision = onlyOne(env.packages, 'torchvision');
  const fits = vision?.version ? torchvisionFits(version, vision.version) : null;
  if (fits !== null && vision) facts['install.torchvisionMatches'] = known(fits, { path: placeOf(site, vision) });
  return facts;
}

function xformersFacts(look: Look, env: Environment, site: string): Facts {
  const found = onlyOne(env.packages, 'xformers');
  if (!found?.version) {
    if (env.packages.some(({ name }) => name === 'xformers')) return unclear(env, 'xformers');
    return env.packages.length > 0 ? { 'install.xformersProblem': known(false) } : {};
  }
  const source = { path: placeOf(site, found) };
  const metadata = readMetadata(look.text(join(site, found.folder, 'METADATA')) ?? '');
  const facts: Facts = { 'install.xformers': known(found.version, source) };
  const target = builtFor(found.version, metadata.requires);
  if (target === null)
    return { ...facts, 'install.xformersBuiltFor': unknown('not-stated', 'not pinned to one PyTorch version') };
  facts['install.xformersBuiltFor'] = known(target, source);
  if (env.torch) facts['install.xformersProblem'] = known(!sameRelease(target, env.torch.version), source);
  return facts;
}

/** The version of a package that is listed more than once, or only linked, is not known; what is listed is said. */
function unclear(env: Environment, name: 'torch' | 'xformers'): Facts {
  const listed = env.packages.filter((entry) => entry.name === name).map(({ version }) => version ?? 'linked');
  return listed.length === 0 ? {} : { [`install.${name}`]: unknown('not-stated', `listed as ${listed.join(' and ')}`) };
}
