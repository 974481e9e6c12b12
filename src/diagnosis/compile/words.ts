import type { CauseWords, SymptomWords } from '../rule';
import { type RuleError, YamlFile } from './yaml-reader';

const AREAS = ['loaded', 'fits', 'works', 'machine', 'training', 'nothing'] as const;

/** `rules/causes.yaml`: the closed vocabulary of causes and symptoms, in both languages. */
export function compileWords(
  file: string,
  source: string,
): { causes: { [id: string]: CauseWords }; symptoms: { [id: string]: SymptomWords }; errors: readonly RuleError[] } {
  const yaml = new YamlFile(file, source);
  const map = yaml.map(yaml.root, 'the vocabulary', ['schema', 'causes', 'symptoms'], ['schema', 'causes', 'symptoms']);
  const causes: { [id: string]: CauseWords } = {};
  for (const [id, node] of yaml.map(map.get('causes'), 'causes', null)) {
    const cause = yaml.map(node, `cause ${id}`, ['area', 'title', 'about'], ['area', 'title', 'about']);
    causes[id] = {
      area: yaml.word(cause.get('area'), 'area', AREAS),
      title: yaml.bilingual(cause.get('title'), 'title'),
      about: yaml.bilingual(cause.get('about'), 'about'),
    };
  }
  const symptoms: { [id: string]: SymptomWords } = {};
  for (const [id, node] of yaml.map(map.get('symptoms'), 'symptoms', null)) symptoms[id] = { title: yaml.bilingual(node, id) };
  return { causes, symptoms, errors: yaml.errors };
}
