const namedEntities: Readonly<Record<string, string>> = {
  amp: '&',
  lt: '<',
  gt: '>',
  quot: '"',
  apos: "'",
  nbsp: ' ',
};

/** Text with its entities written out (`can&#39;t`); what is no entity stays as it is. */
export function decodeEntities(text: string): string {
  return text.replace(/&(?:#(\d{1,7})|#[xX]([\da-fA-F]{1,6})|([a-z]{2,6}));/g, (whole, ...groups: string[]) => {
    const [decimal, hex, name] = groups;
    if (name !== undefined) return namedEntities[name] ?? whole;
    const code = decimal === undefined ? Number.parseInt(hex ?? '', 16) : Number(decimal);
    return code > 0 && code <= 0x10_ff_ff && !(code >= 0xd8_00 && code <= 0xdf_ff) ? String.fromCodePoint(code) : whole;
  });
}

/** A row of a table: the text of its cells, and the moments and links that stand in it. */
export interface TableRow {
  readonly cells: readonly string[];
  /** `datetime` of the row's `<time>` elements. */
  readonly times: readonly string[];
}

type Piece = { readonly tag: string; readonly attributes: string } | { readonly text: string };

/** More pieces than any page of a history has. */
const piecesMax = 200_000;

/**
 * The rows of all tables of a page, tolerantly: only `tr`, `td` and `time` mean anything, every other tag just stands
 * between texts, unclosed ones too. Comments, scripts and styles are passed over.
 */
export function tableRows(html: string): TableRow[] {
  const rows: { cells: string[]; times: string[] }[] = [];
  let isInCell = false;
  for (const piece of piecesOf(html)) {
    const row = rows.at(-1);
    if ('text' in piece) {
      if (isInCell && row) row.cells[row.cells.length - 1] += piece.text;
      continue;
    }
    if (piece.tag === 'tr') rows.push({ cells: [], times: [] });
    if (piece.tag === 'tr' || piece.tag === '/tr' || piece.tag === '/table') isInCell = false;
    if (piece.tag === 'td' && row) {
      row.cells.push('');
      isInCell = true;
    }
    if (piece.tag === '/td') isInCell = false;
    if (piece.tag === 'time' && row) row.times.push(attribute(piece.attributes, 'datetime'));
  }
  return rows.map(({ cells, times }) => ({ cells: cells.map(tidy), times: times.filter((time) => time !== '') }));
}

/** An attribute of the first element that has the class; undefined without such an element, or when it is empty. */
export function attributeOfClass(html: string, { name, ofClass }: { name: string; ofClass: string }) {
  for (const piece of piecesOf(html)) {
    if ('text' in piece || !attribute(piece.attributes, 'class').split(/\s+/).includes(ofClass)) continue;
    return attribute(piece.attributes, name) || undefined;
  }
  return undefined;
}

function* piecesOf(html: string): Generator<Piece> {
  let at = 0;
  for (let count = 0; at < html.length && count < piecesMax; count += 1) {
    const open = html.indexOf('<', at);
    if (open !== at) yield { text: html.slice(at, open === -1 ? html.length : open) };
    if (open === -1) return;
    const close = html.startsWith('<!--', open) ? endOf(html, '-->', open) : endOf(html, '>', open);
    const [, tag, attributes = ''] = /^<(\/?[a-zA-Z][a-zA-Z\d]*)([^]*)>$/.exec(html.slice(open, close)) ?? [];
    const name = tag?.toLowerCase();
    if (name !== undefined) yield { tag: name, attributes };
    at = name === 'script' || name === 'style' ? endOf(html, `</${name}>`, close) : close;
  }
}

function endOf(html: string, mark: string, from: number): number {
  const at = html.indexOf(mark, from);
  return at === -1 ? html.length : at + mark.length;
}

function attribute(attributes: string, name: string): string {
  const [, double, single] = new RegExp(`(?:^|\\s)${name}\\s*=\\s*(?:"([^"]*)"|'([^']*)')`, 'i').exec(attributes) ?? [];
  return decodeEntities(double ?? single ?? '');
}

function tidy(text: string): string {
  return decodeEntities(text).replace(/\s+/g, ' ').trim();
}
