export interface Layout {
  readonly fontSize: number;
  readonly lines: readonly string[];
}

export interface Box {
  readonly width: number;
  readonly height: number;
}

const largestShare = 0.13;
const smallestShare = 0.028;
const lineHeight = 1.28;
const wordCharactersMax = 22;

/** Characters that XML 1.0 cannot carry: controls, lone halves of a pair, two non-characters. */
// oxlint-disable-next-line no-control-regex
const notXml = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f-\u009f\ufffe\uffff]|\p{Cs}/gu;

/** A text as XML may carry it, inside elements and attributes. */
export function escapeXml(text: string): string {
  return text
    .replace(notXml, '')
    .replace(/&/g, '&amp;')
    .replace(/</g, '&lt;')
    .replace(/>/g, '&gt;')
    .replace(/"/g, '&quot;')
    .replace(/'/g, '&apos;');
}

/** Breaks a text into lines in the largest letters with which it fits a box; what never fits ends with an ellipsis. */
export function layOut(text: string, box: Box): Layout {
  const words = text.replace(notXml, '').split(/\s+/).filter(Boolean).flatMap(breakWord);
  const side = Math.min(box.width, box.height);
  for (let share = largestShare; share > smallestShare; share *= 0.9) {
    const lines = wrap(words, box.width / (side * share));
    if (lines.length * side * share * lineHeight <= box.height) return { fontSize: side * share, lines };
  }
  const fontSize = side * smallestShare;
  const linesMax = Math.max(1, Math.floor(box.height / (fontSize * lineHeight)));
  const lines = wrap(words, box.width / fontSize);
  if (lines.length <= linesMax) return { fontSize, lines };
  return { fontSize, lines: [...lines.slice(0, linesMax - 1), `${lines[linesMax - 1] ?? ''} …`] };
}

export const layoutLineHeight = lineHeight;

function wrap(words: readonly string[], widthEm: number): string[] {
  const lines: string[] = [];
  let line = '';
  for (const word of words) {
    const longer = line === '' ? word : `${line} ${word}`;
    if (line !== '' && widthOf(longer) > widthEm) {
      lines.push(line);
      line = word;
    } else {
      line = longer;
    }
  }
  return line === '' ? lines : [...lines, line];
}

function breakWord(word: string): string[] {
  const characters = [...new Intl.Segmenter().segment(word)].map(({ segment }) => segment);
  const parts: string[] = [];
  for (let at = 0; at < characters.length; at += wordCharactersMax) {
    parts.push(characters.slice(at, at + wordCharactersMax).join(''));
  }
  return parts;
}

/** The width in ems, generously: fonts differ from machine to machine, and text must not leave the picture. */
function widthOf(text: string): number {
  let width = 0;
  for (const character of text) width += widthOfCharacter(character);
  return width;
}

function widthOfCharacter(character: string): number {
  if (character === ' ') return 0.35;
  if (/[iljt.,:;!|'’()[\]]/.test(character)) return 0.4;
  if (/[mwMWшщжюыфШЩЖЮЫФ@%]/.test(character)) return 0.98;
  if (/\p{Mark}|\u200d|\ufe0f/u.test(character)) return 0;
  if (/\p{Emoji_Presentation}|[\u2e80-\u9fff\uac00-\ud7af\uff00-\uff60]/u.test(character)) return 1.25;
  return /\p{Uppercase}/u.test(character) ? 0.78 : 0.68;
}
