// Import directions (docs/architecture.md). Each rule says why it is there.
const PURE = '^src/(formats|facts|diagnosis|report|presets|vram)/';
const LIB = '^node_modules/';
/** A rule by which files under `from` may import nothing but `to` (and files of their own folder). */
const only = (name, comment, from, to, but = '^$') => ({
  name,
  comment,
  severity: 'error',
  from: { path: from, pathNot: but },
  to: { pathNot: to },
});
const never = (name, comment, from, to) => ({ name, comment, severity: 'error', from, to });

/** @type {import('dependency-cruiser').IConfiguration} */
module.exports = {
  forbidden: [
    never(
      'no-cycles',
      'A cycle has no order in which its files can be understood, tested or loaded lazily.',
      {},
      { circular: true },
    ),
    never('resolved', 'An import that does not resolve fails at the user, not here.', {}, { couldNotResolve: true }),
    never(
      'pure-core',
      'The core runs in a page and on a foreign ticket: it reads bytes through ByteSource and knows no file, clock or process.',
      { path: PURE },
      { dependencyTypes: ['core'] },
    ),
    never(
      'pure-core-inward',
      'The core knows nothing of where its facts come from and of who shows them.',
      { path: PURE },
      { path: '^src/(checks|platform|weights|scan|watch|ui|commands|demo|fixes)/|^src/cli' },
    ),
    only(
      'formats-low',
      'A parser is used by checks, worker and page alike; of the facts it knows the words only (families, signals, bilingual text).',
      '^src/formats/',
      `^src/formats/|^src/facts/(families|signal|define|value)|${LIB}`,
    ),
    only(
      'facts-low',
      'Facts are the common language of all parts; whatever they imported, all parts would import.',
      '^src/facts/',
      `^src/(facts|i18n)/|${LIB}zod`,
      '^src/facts/registry/',
    ),
    only(
      'registry-words',
      'The registry takes closed word lists from the parsers that produce them, so that neither list can drift.',
      '^src/facts/registry/',
      `^src/(facts|formats|i18n)/|${LIB}zod`,
    ),
    only(
      'diagnosis-from-facts',
      'A diagnosis follows from facts and rules alone, so that it can be repeated on a ticket without the machine.',
      '^src/diagnosis/',
      `^src/(diagnosis|facts|formats|i18n|report)/|${LIB}`,
    ),
    only(
      'report-from-facts',
      'The report puts facts and findings into words; it looks at nothing itself.',
      '^src/report/',
      `^src/(report|facts|formats|i18n|diagnosis)/|${LIB}`,
    ),
    only(
      'vram-low',
      'A prediction follows from settings and tables alone; checks, presets and commands use it, it knows none of them.',
      '^src/vram/',
      '^src/(vram|facts|formats)/',
    ),
    only(
      'weights-low',
      'The arithmetic runs in a page too, on bytes that it is given; only the pool and its thread open files.',
      '^src/weights/',
      '^src/(weights|formats)/',
      '^src/weights/(pool|weigh|worker|installed)[.]ts$',
    ),
    only(
      'checks-look-only',
      'A check reports and never judges or draws: it may not reach the rules, the report or the screen.',
      '^src/checks/',
      `^src/(checks|formats|facts|weights|vram|i18n)/|^src/platform/|${LIB}|^(node:)?(path|crypto|zlib|util|os|url|net|http|https|worker_threads|buffer)$`,
    ),
    never(
      'checks-apart',
      'Checks run in parallel and may be left out one by one; what two share belongs into formats, facts or platform.',
      { path: '^src/checks/([^/]+)/' },
      { path: '^src/checks/([^/]+)/', pathNot: '^src/checks/$1/' },
    ),
    never(
      'checks-through-platform',
      'Files and programs are reached through the Platform interface only, which opens regular files and starts no shell.',
      { path: '^src/checks/' },
      { path: '^(node:)?(fs|fs/promises|child_process)$' },
    ),
    never(
      'platform-at-the-bottom',
      'The platform is the adapter to the system; were it to know checks or words, it could not be replaced.',
      { path: '^src/platform/' },
      { path: '^src/', pathNot: '^src/(platform|formats|facts|i18n)/' },
    ),
    never(
      'ui-sees-results',
      'Screens also show a foreign ticket, where there is nothing to look at: they see facts, findings and the session type.',
      { path: '^src/ui/' },
      { path: '^src/(checks|platform|weights|scan|commands|demo|fixes)/|^src/watch/(?!session-types)' },
    ),
    only(
      'ui-libraries',
      'A screen needs ink and react; every further package would be paid for at each start.',
      '^src/ui/',
      `^src/|${LIB}(@types/react|react|ink|string-width|type-fest|csstype)(/|$)|^react$|^ink$`,
    ),
    never(
      'ink-in-ui-only',
      'ink costs 0.2 s at start; nothing but a screen may load it.',
      { path: '^src/', pathNot: '^src/ui/' },
      { path: `${LIB}(ink|react)/` },
    ),
    only(
      'watch-repeats-scans',
      'Watching is scanning again when something changed; it judges nothing itself.',
      '^src/watch/',
      `^src/(watch|scan|platform|report|facts|formats|i18n|diagnosis|checks/check)|${LIB}|^(node:)?[a-z_/]+$`,
    ),
    never(
      'scan-orchestrates',
      'The scan runs checks and rules and returns a report; who shows it is decided above.',
      { path: '^src/scan/' },
      { path: '^src/(ui|watch|commands|demo)/|^src/cli' },
    ),
    never(
      'commands-on-top',
      'A command is an end of the program; what two commands share belongs below them.',
      { path: '^src/', pathNot: '^src/(commands/|cli\\.ts)' },
      { path: '^src/commands/' },
    ),
    never(
      'nobody-imports-cli',
      'The entry sets the exit status and starts running when it is imported.',
      { path: '^(src|test|scripts)/', pathNot: '^src/cli\\.ts$' },
      { path: '^src/cli\\.ts$' },
    ),
    never('no-tests-in-src', 'What users run does not depend on tests.', { path: '^(src|scripts)/' }, { path: '^test/' }),
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    enhancedResolveOptions: { exportsFields: ['exports'], conditionNames: ['import', 'types', 'node', 'default'] },
  },
};
