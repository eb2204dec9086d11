import ts from 'typescript';

/** A file of the tree, or a planted one. */
export interface SourceText {
  /** From the root of the repository, with forward slashes. */
  readonly path: string;
  readonly text: string;
}

/** A house rule that is checked on every file of the tree, with proof that it catches what it is for. */
export interface Rule {
  readonly name: string;
  /** Whether the rule speaks about this file. */
  applies(path: string): boolean;
  /** What is wrong, each with its line. */
  findings(file: SourceText): readonly string[];
  /** Each of these must be caught. */
  readonly planted: readonly SourceText[];
  /** None of these may be. */
  readonly innocent: readonly SourceText[];
}

/** The syntax tree of a TypeScript file. */
export function parse(file: SourceText): ts.SourceFile {
  return ts.createSourceFile(file.path, file.text, ts.ScriptTarget.Latest, true);
}

/** Every node of a tree, parents before children. */
export function* walk(node: ts.Node): Generator<ts.Node> {
  yield node;
  for (const child of node.getChildren()) yield* walk(child);
}

/** The line of a node, counted from 1. */
export function lineOf(node: ts.Node): number {
  const source = node.getSourceFile();
  return source.getLineAndCharacterOfPosition(node.getStart()).line + 1;
}

/** A finding as a person reads it. */
export function at(file: SourceText, line: number, what: string): string {
  return `${file.path}:${line} ${what}`;
}

export function isIn(path: string, ...folders: readonly string[]): boolean {
  return folders.some((folder) => path === folder || path.startsWith(`${folder}/`));
}

export function isTypeScript(path: string): boolean {
  return path.endsWith('.ts');
}
