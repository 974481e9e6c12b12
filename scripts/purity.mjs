import ts from 'typescript';

/** No clock, no chance, no process, no timers: the same input gives the same output, in a page too. */
const SYSTEM = [
  'process',
  'console',
  'Buffer',
  'require',
  'performance',
  'setTimeout',
  'setInterval',
  'setImmediate',
  'fetch',
  'crypto',
];

const LEVELS = {
  pure: { names: [...SYSTEM, 'globalThis'], clock: true, chance: true },
  // Outside of the entry (cli.ts and its lazy half, commands/dispatch.ts) and the platform nothing reads the clock, ends the process or prints.
  quiet: { names: ['process', 'console'], clock: true, chance: true },
};

/** How strict a file is held: `pure`, `quiet`, or null where the system may be touched. */
export function levelOf(file) {
  if (/^src\/(?:formats|facts|diagnosis|report|presets|vram|i18n)\//.test(file)) return 'pure';
  return /^src\/(?!platform\/|cli\.ts$|commands\/dispatch\.ts$)/.test(file) ? 'quiet' : null;
}

/**
 * Uses of the system in a source text, as `file:line: what`.
 *
 * @param {string} file name, for the messages and to tell .tsx
 * @param {string} text TypeScript source
 * @param {'pure' | 'quiet'} level
 */
export function impurities(file, text, level) {
  const { names, clock, chance } = LEVELS[level];
  const kind = file.endsWith('x') ? ts.ScriptKind.TSX : ts.ScriptKind.TS;
  const source = ts.createSourceFile(file, text, ts.ScriptTarget.Latest, true, kind);
  const found = [];
  const report = (node, what) => {
    const { line } = source.getLineAndCharacterOfPosition(node.getStart(source));
    found.push(`${file}:${line + 1}: ${what} (${level === 'pure' ? 'the core is pure' : 'only the entry and src/platform may'})`);
  };
  const declared = declaredNames(source);
  const visit = (node) => {
    if (ts.isIdentifier(node) && names.includes(node.text) && !declared.has(node.text) && isUse(node)) report(node, node.text);
    if (clock && isClock(node)) report(node, 'reads the clock');
    if (chance && isMember(node, 'Math', 'random')) report(node, 'Math.random');
    ts.forEachChild(node, visit);
  };
  visit(source);
  return found;
}

function declaredNames(source) {
  const found = new Set();
  const visit = (node) => {
    const isDeclaration =
      ts.isVariableDeclaration(node) || ts.isParameter(node) || ts.isBindingElement(node) || ts.isFunctionDeclaration(node);
    if (isDeclaration && node.name && ts.isIdentifier(node.name)) found.add(node.name.text);
    ts.forEachChild(node, visit);
  };
  visit(source);
  return found;
}

/** False for `x.process`, `{ process: … }`, a type's member and the like, which only happen to be spelt so. */
function isUse(node) {
  const { parent } = node;
  if (ts.isPropertyAccessExpression(parent)) return parent.name !== node;
  if (ts.isQualifiedName(parent)) return parent.right !== node;
  return parent.name !== node || ts.isShorthandPropertyAssignment(parent);
}

function isMember(node, object, name) {
  return (
    ts.isPropertyAccessExpression(node) &&
    ts.isIdentifier(node.expression) &&
    node.expression.text === object &&
    node.name.text === name
  );
}

/** `Date.now`, `new Date()` and `Date()`; `new Date(milliseconds)` only formats. */
function isClock(node) {
  if (isMember(node, 'Date', 'now')) return true;
  const callee =
    (ts.isNewExpression(node) || ts.isCallExpression(node)) && ts.isIdentifier(node.expression) ? node.expression.text : '';
  return callee === 'Date' && (ts.isCallExpression(node) || !node.arguments?.length);
}
