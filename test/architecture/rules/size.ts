import ts from 'typescript';
import { at, isIn, isTypeScript, lineOf, parse, type Rule, walk } from './rule.ts';

const lineLengthMax = 120;
const fileLinesMax = 400;
const functionLinesMax = 70;

/** A test's title is one sentence, which the formatter does not break. */
function isTitle(path: string, line: string): boolean {
  return path.endsWith('.test.ts') && /^\s*(it|describe)\(['`"]/.test(line);
}

const long = 'x'.repeat(lineLengthMax + 1);

export const lineLength: Rule = {
  name: `a line has at most ${lineLengthMax} characters`,
  applies: (path) => /\.(ts|mjs|sql)$/.test(path),
  findings: (file) =>
    file.text.split('\n').flatMap((line, index) => {
      return line.length > lineLengthMax && !isTitle(file.path, line)
        ? [at(file, index + 1, `has ${line.length} characters`)]
        : [];
    }),
  planted: [{ path: 'core/a.ts', text: `// ${long}` }],
  innocent: [
    { path: 'core/a.ts', text: 'x'.repeat(lineLengthMax) },
    { path: 'test/unit/a.test.ts', text: `it('${long}');` },
  ],
};

export const fileLength: Rule = {
  name: `a file has at most ${fileLinesMax} lines`,
  applies: (path) => /\.(ts|mjs|sql)$/.test(path),
  findings(file) {
    const lines = file.text.trimEnd().split('\n').length;
    return lines > fileLinesMax ? [at(file, lines, `has ${lines} lines`)] : [];
  },
  planted: [{ path: 'core/a.ts', text: 'a;\n'.repeat(fileLinesMax + 1) }],
  innocent: [{ path: 'core/a.ts', text: 'a;\n'.repeat(fileLinesMax) }],
};

function body(lines: number): string {
  return '  act();\n'.repeat(lines);
}

/** The lines of a function without those of the named functions inside it, which are counted on their own. */
function ownLines(node: ts.Node, source: ts.SourceFile): number {
  const span = (part: ts.Node): number =>
    source.getLineAndCharacterOfPosition(part.getEnd()).line -
    source.getLineAndCharacterOfPosition(part.getStart()).line +
    1;
  const inner: ts.Node[] = [];
  const visit = (part: ts.Node): void => {
    if (isNamedFunction(part)) inner.push(part);
    else part.forEachChild(visit);
  };
  node.forEachChild(visit);
  return span(node) - inner.reduce((sum, part) => sum + span(part), 0);
}

function isNamedFunction(node: ts.Node): boolean {
  if (ts.isFunctionDeclaration(node) || ts.isMethodDeclaration(node) || ts.isConstructorDeclaration(node)) return true;
  const isFunction = ts.isArrowFunction(node) || ts.isFunctionExpression(node);
  return isFunction && (ts.isVariableDeclaration(node.parent) || ts.isPropertyAssignment(node.parent));
}

export const functionLength: Rule = {
  name: `a function has at most ${functionLinesMax} lines of its own`,
  applies: (path) => isTypeScript(path) && !isIn(path, 'test'),
  findings(file) {
    const source = parse(file);
    return [...walk(source)].filter(isNamedFunction).flatMap((node) => {
      const lines = ownLines(node, source);
      return lines > functionLinesMax ? [at(file, lineOf(node), `a function of ${lines} lines`)] : [];
    });
  },
  planted: [
    { path: 'core/a.ts', text: `function a() {\n${body(functionLinesMax)}}` },
    { path: 'core/a.ts', text: `const a = () => {\n${body(functionLinesMax)}};` },
  ],
  innocent: [
    { path: 'core/a.ts', text: `function a() {\n${body(functionLinesMax - 2)}}` },
    { path: 'core/a.ts', text: `function a() {\nfunction b() {\n${body(60)}}\n${body(60)}}` },
  ],
};
