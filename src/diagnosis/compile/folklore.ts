import type { Folklore } from '../folklore';
import { type RuleError, YamlFile } from './yaml-reader';

/** `rules/folklore.yaml`: what is often repeated, what is true of it, when it does apply, and where that comes from. */
export function compileFolklore(
  file: string,
  source: string,
): { pages: { [id: string]: Folklore }; errors: readonly RuleError[] } {
  const yaml = new YamlFile(file, source);
  const map = yaml.map(yaml.root, 'the folklore', ['schema', 'pages'], ['schema', 'pages']);
  const fields = ['claim', 'verdict', 'truth', 'applies', 'sources'];
  const pages: { [id: string]: Folklore } = {};
  for (const [id, node] of yaml.map(map.get('pages'), 'pages', null)) {
    const page = yaml.map(node, `page ${id}`, fields, fields);
    pages[id] = {
      claim: yaml.bilingual(page.get('claim'), 'claim'),
      verdict: yaml.word(page.get('verdict'), 'verdict', ['refuted', 'partly-true', 'open'] as const),
      truth: yaml.bilingual(page.get('truth'), 'truth'),
      applies: yaml.bilingual(page.get('applies'), 'applies'),
      sources: yaml.list(page.get('sources'), 'sources').map((n) => yaml.text(n, 'source')),
    };
  }
  return { pages, errors: yaml.errors };
}
