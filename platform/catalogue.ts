import { readFile } from 'node:fs/promises';
import { LineCounter, parseDocument, type Document } from 'yaml';
import { type Catalogue, withoutProvider } from '../core/pricing/catalogue.ts';
import { checkCatalogue, type CatalogueProblem, type KnownProviders } from '../core/pricing/catalogue-schema.ts';
import { cardInvoiceProvider } from '../core/telegram-charge.ts';
import type { Config } from './config.ts';

/** A problem of a catalogue file: where (`packs[1].price`), in which line if that is known, and what. */
export interface FileProblem {
  readonly where: string;
  readonly line?: number;
  readonly message: string;
}

export type CatalogueReading =
  | { readonly ok: true; readonly catalogue: Catalogue }
  | { readonly ok: false; readonly problems: readonly FileProblem[] };

/** Reads and proves a catalogue's text; every problem at once, those of the YAML itself first. */
export function parseCatalogue(text: string, known: KnownProviders): CatalogueReading {
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false });
  if (document.errors.length > 0) {
    const problems = document.errors.map((error) => ({
      where: 'file',
      line: lines.linePos(error.pos[0]).line,
      message: error.message,
    }));
    return { ok: false, problems };
  }
  const checked = checkCatalogue(document.toJS(), known);
  if (checked.ok) return checked;
  return { ok: false, problems: checked.problems.map((problem) => locate(problem, document, lines)) };
}

/** Reads a catalogue file. A file that cannot be read is a problem like any other. */
export async function readCatalogue(path: string, known: KnownProviders): Promise<CatalogueReading> {
  try {
    return parseCatalogue(await readFile(path, 'utf8'), known);
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    return { ok: false, problems: [{ where: 'file', message }] };
  }
}

/** The catalogue of a running process: one that does not hold stops the start with every problem in the message. */
export async function loadCatalogue(path: string, known: KnownProviders): Promise<Catalogue> {
  const reading = await readCatalogue(path, known);
  if (reading.ok) return reading.catalogue;
  throw new Error(`The catalogue ${path} cannot be used:\n${reading.problems.map(describeProblem).join('\n')}`);
}

/** What can be sold with this configuration: card invoices in the chat need a provider's token, others their keys. */
export function sellable(
  catalogue: Catalogue,
  { telegram, providersUnset }: Pick<Config, 'telegram' | 'providersUnset'>,
): Catalogue {
  const absent = [...(telegram.providerToken === undefined ? [cardInvoiceProvider] : []), ...providersUnset];
  return absent.reduce(withoutProvider, catalogue);
}

/** One problem as a line of text. */
export function describeProblem(problem: FileProblem): string {
  const line = problem.line === undefined ? '' : ` (line ${problem.line})`;
  return `${problem.where}${line}: ${problem.message}`;
}

function locate(problem: CatalogueProblem, document: Document, lines: LineCounter): FileProblem {
  const where = problem.path.map((part) => (typeof part === 'number' ? `[${part}]` : `.${part}`)).join('');
  const line = lineOf(problem.path, document, lines);
  return {
    where: where === '' ? 'file' : where.replace(/^\./, ''),
    ...(line === undefined ? {} : { line }),
    message: problem.message,
  };
}

/**
 * The line of the deepest part of a path that stands in the file; a missing key is reported where its parent stands.
 */
function lineOf(path: readonly (string | number)[], document: Document, lines: LineCounter): number | undefined {
  for (let depth = path.length; depth > 0; depth -= 1) {
    const node: unknown = document.getIn(path.slice(0, depth), true);
    if (hasRange(node)) return lines.linePos(node.range[0]).line;
  }
  return undefined;
}

function hasRange(node: unknown): node is { range: [number, number, number] } {
  return typeof node === 'object' && node !== null && 'range' in node && Array.isArray(node.range);
}
