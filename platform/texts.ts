import { readdirSync, readFileSync } from 'node:fs';
import { FluentBundle, FluentResource } from '@fluent/bundle';
import { type Language, languages } from '../core/languages.ts';

export type TextVariables = Readonly<Record<string, string | number>>;

/** Looks a text up by its key; throws for a key that no file has, since the tests prove that there is none. */
export type Text = (key: string, variables?: TextVariables) => string;

export interface Texts {
  of(language: Language): Text;
  /** Whether a key is known: for texts that name what a catalogue may add to. */
  has(language: Language, key: string): boolean;
}

const folder = new URL('../locales/', import.meta.url);

/** The texts of the bot, out of `locales/<language>/bot*.ftl`. Read once; plurals follow the language's own rules. */
export function createTexts(): Texts {
  const bundles = new Map(languages.map((language) => [language, loadBundle(language)]));
  const bundleOf = (language: Language): FluentBundle => {
    const bundle = bundles.get(language);
    if (bundle === undefined) throw new Error(`no texts in ${language}`);
    return bundle;
  };
  return {
    of: (language) => (key, variables) => format(bundleOf(language), key, variables),
    has: (language, key) => bundleOf(language).hasMessage(key),
  };
}

function loadBundle(language: Language): FluentBundle {
  // Isolating marks around variables would be sent as characters of the message.
  const bundle = new FluentBundle(language, { useIsolating: false });
  const names = readdirSync(new URL(`${language}/`, folder)).filter((name) => /^bot.*\.ftl$/.test(name));
  for (const name of names.sort()) {
    const errors = bundle.addResource(new FluentResource(readFileSync(new URL(`${language}/${name}`, folder), 'utf8')));
    if (errors[0] !== undefined) throw errors[0];
  }
  return bundle;
}

function format(bundle: FluentBundle, key: string, variables?: TextVariables): string {
  const pattern = bundle.getMessage(key)?.value;
  if (pattern === null || pattern === undefined) throw new Error(`there is no text ${key}`);
  return bundle.formatPattern(pattern, variables);
}
