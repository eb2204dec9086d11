import ts from 'typescript';
import { at, isIn, isTypeScript, lineOf, parse, type Rule } from './rule.ts';

export const noDefaultExports: Rule = {
  name: 'nothing is a default export',
  // Vite reads its configuration from one.
  applies: (path) => isTypeScript(path) && !path.endsWith('/vite.config.ts'),
  findings: (file) =>
    parse(file).statements.flatMap((node) => {
      const modifiers = ts.canHaveModifiers(node) ? (ts.getModifiers(node) ?? []) : [];
      const found = ts.isExportAssignment(node) || modifiers.some(({ kind }) => kind === ts.SyntaxKind.DefaultKeyword);
      return found ? [at(file, lineOf(node), 'is a default export')] : [];
    }),
  planted: [
    { path: 'core/a.ts', text: 'export default function a() {}' },
    { path: 'core/a.ts', text: 'const a = 1;\nexport default a;' },
  ],
  innocent: [{ path: 'core/a.ts', text: "import { default as a } from 'b';\nswitch (a) {\n  default:\n    a();\n}" }],
};

const documented = ['core', 'ledger', 'providers', 'workflows', 'activities'];

export const documentedExports: Rule = {
  name: `every exported function of ${documented.join(', ')} says what it promises`,
  applies: (path) => isTypeScript(path) && isIn(path, ...documented),
  findings: (file) =>
    parse(file).statements.flatMap((node) => {
      const exported =
        ts.canHaveModifiers(node) && ts.getModifiers(node)?.some(({ kind }) => kind === ts.SyntaxKind.ExportKeyword);
      if (!exported || !isFunctionStatement(node) || hasDoc(node, file.text)) return [];
      return [at(file, lineOf(node), 'has no doc comment')];
    }),
  planted: [
    { path: 'core/a.ts', text: 'export function a() {}' },
    { path: 'ledger/a.ts', text: '// Not a doc comment.\nexport const a = () => 1;' },
  ],
  innocent: [
    { path: 'core/a.ts', text: '/** What it promises. */\nexport function a() {}' },
    { path: 'core/a.ts', text: 'function a() {}\nexport const b = 1;' },
    {
      path: 'core/a.ts',
      text: '/** Both. */\nexport function a(x: string): void;\nexport function a(x: string | number): void {}',
    },
  ],
};

function isFunctionStatement(node: ts.Statement): boolean {
  if (ts.isFunctionDeclaration(node)) return !isLaterOverload(node);
  if (!ts.isVariableStatement(node)) return false;
  return node.declarationList.declarations.some(({ initializer }) => {
    return initializer !== undefined && (ts.isArrowFunction(initializer) || ts.isFunctionExpression(initializer));
  });
}

/** Of several signatures of one function the first carries the comment. */
function isLaterOverload(node: ts.FunctionDeclaration): boolean {
  const siblings = node.getSourceFile().statements;
  const before = siblings[siblings.indexOf(node) - 1];
  return before !== undefined && ts.isFunctionDeclaration(before) && before.name?.text === node.name?.text;
}

function hasDoc(node: ts.Node, text: string): boolean {
  const comments = ts.getLeadingCommentRanges(text, node.getFullStart()) ?? [];
  return comments.some(({ pos, end }) => /^\/\*\*\s*\S/.test(text.slice(pos, end)));
}

export const noModuleState: Rule = {
  name: 'workflows keep no state in a module, because contexts are shared',
  applies: (path) => isTypeScript(path) && isIn(path, 'workflows'),
  findings: (file) =>
    parse(file).statements.flatMap((node) => {
      if (!ts.isVariableStatement(node)) return [];
      const isConst = (node.declarationList.flags & ts.NodeFlags.Const) !== 0;
      const mutable =
        !isConst || node.declarationList.declarations.some(({ initializer, type }) => holdsState(initializer, type));
      return mutable ? [at(file, lineOf(node), 'is state that all workflows share')] : [];
    }),
  planted: [
    { path: 'workflows/a.ts', text: 'let count = 0;' },
    { path: 'workflows/a.ts', text: 'const undos: string[] = [];' },
    { path: 'workflows/lib/a.ts', text: 'export const seen = new Map<string, string>();' },
    { path: 'workflows/lib/a.ts', text: 'const settings = { retries: 3 };' },
  ],
  innocent: [
    { path: 'workflows/a.ts', text: "const states = ['a', 'b'] as const;" },
    { path: 'workflows/a.ts', text: "const state = defineQuery<string>('state');\nconst limitMs = 5;" },
    { path: 'workflows/a.ts', text: 'export function a() {\n  let count = 0;\n  return count;\n}' },
    { path: 'workflows/a.ts', text: 'const settings: Readonly<Settings> = { retries: 3 };' },
  ],
};

function holdsState(initializer: ts.Expression | undefined, type: ts.TypeNode | undefined): boolean {
  if (initializer === undefined || /^readonly\b|^Readonly/.test(type?.getText() ?? '')) return false;
  return (
    ts.isArrayLiteralExpression(initializer) ||
    ts.isObjectLiteralExpression(initializer) ||
    ts.isNewExpression(initializer)
  );
}
