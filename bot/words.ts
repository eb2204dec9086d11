import { createFormats, type Formats } from '../core/formats.ts';
import { type Language, languages } from '../core/languages.ts';
import type { Texts, TextVariables } from '../platform/texts.ts';
import { escapeHtml } from './html.ts';

/** How the bot speaks to one person. */
export interface Words extends Formats {
  readonly language: Language;
  /** A text for a message; its variables are escaped, the text's own tags stand. */
  html(key: string, variables?: TextVariables): string;
  /** A text for a button or a toast, where HTML means nothing. */
  plain(key: string, variables?: TextVariables): string;
  /** The name of a payment provider as people know it; its own where we have none. */
  provider(name: string): string;
  /** Why a purchase waits for a person, as the rows say it: in words where we have them, with its details behind. */
  cause(reason: string): string;
}

/** The words of every language, made once. */
export function createWords(texts: Texts): (language: string) => Words {
  const byLanguage = new Map(languages.map((language) => [language as string, wordsOf(texts, language)]));
  const fallback = wordsOf(texts, 'en');
  return (language) => byLanguage.get(language) ?? fallback;
}

function wordsOf(texts: Texts, language: Language): Words {
  const text = texts.of(language);
  return {
    ...createFormats(language),
    language,
    html: (key, variables = {}) => text(key, escaped(variables)),
    plain: text,
    provider(name) {
      const key = `provider-${name}`;
      return texts.has(language, key) ? text(key) : name;
    },
    cause(reason) {
      const [what = '', ...details] = reason.split(': ');
      const key = `approval-cause-${what.replaceAll(/[^a-zA-Z0-9]+/g, '-')}`;
      return texts.has(language, key) ? [text(key), ...details].join(': ') : reason;
    },
  };
}

function escaped(variables: TextVariables): TextVariables {
  return Object.fromEntries(
    Object.entries(variables).map(([name, value]) => [name, typeof value === 'string' ? escapeHtml(value) : value]),
  );
}
