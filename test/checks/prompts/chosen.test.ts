import { describe, expect, it } from 'vitest';
import { chosenFacts } from '../../../src/checks/prompts/chosen';
import { registry } from '../../../src/facts/registry/all';
import { Store } from '../../../src/facts/store';
import { known } from '../../../src/facts/value';

const INSTALL = { kind: 'install', id: 'install:/x', label: 'x' } as const;

function household(modules: readonly string[], kind: string, inside: readonly string[], missing: readonly string[] = []): Store {
  const store = new Store(registry);
  const link = { install: INSTALL.id };
  store.add(
    'install',
    new Set(['install.ui', 'install.forgeModules', 'install.forgeModulesMissing', 'install.checkpointSetting']),
    {
      subjects: [INSTALL],
      facts: {
        [INSTALL.id]: {
          'install.ui': known('forge'),
          'install.forgeModules': known([...modules]),
          'install.forgeModulesMissing': known([...missing]),
          'install.checkpointSetting': known('flux.safetensors [0123456789]'),
        },
      },
      notes: [],
    },
  );
  store.add('lora', new Set(['checkpoint.kind', 'checkpoint.textEncoders']), {
    subjects: [
      { kind: 'checkpoint', id: 'checkpoint:/x/flux.safetensors', label: 'flux.safetensors', links: link },
      { kind: 'encoder', id: 'encoder:/x/t5.safetensors', label: 't5.safetensors', links: link },
      { kind: 'vae', id: 'vae:/x/ae.safetensors', label: 'ae.safetensors', links: link },
    ],
    facts: {
      'checkpoint:/x/flux.safetensors': { 'checkpoint.kind': known(kind), 'checkpoint.textEncoders': known([...inside]) },
    },
    notes: [],
  });
  return store;
}

describe('chosenFacts', () => {
  const facts = (modules: readonly string[], kind = 'unet', inside: readonly string[] = []) =>
    chosenFacts(household(modules, kind, inside), INSTALL, []);

  it('counts the text encoders among the additional modules, by file name', () => {
    expect(facts(['D:\\f\\models\\VAE\\ae.safetensors'])['install.chosenEncoders']).toEqual(known(0));
    expect(facts(['D:\\f\\models\\text_encoder\\T5.safetensors'])['install.chosenEncoders']).toEqual(known(1));
  });

  it('does not count a path that leads nowhere, though a file of that name lies in the folders', () => {
    const gone = '/old/models/text_encoder/t5.safetensors';
    const { 'install.chosenEncoders': count } = chosenFacts(household([gone], 'unet', [], [gone]), INSTALL, []);
    expect(count).toEqual(known(0));
  });

  it('does not judge a module from elsewhere', () => {
    expect(facts(['/other/thing.safetensors'])['install.chosenEncoders']).toMatchObject({ state: 'unknown' });
  });

  it('tells a bare diffusion model from a whole checkpoint', () => {
    expect(facts([])['install.chosenBare']).toEqual(known(true));
    expect(facts([], 'checkpoint', ['clip_l'])['install.chosenBare']).toEqual(known(false));
  });
});
