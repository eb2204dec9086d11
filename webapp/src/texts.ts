import { FluentBundle, FluentResource, type FluentVariable } from '@fluent/bundle';
import { signal } from '@preact/signals';
import type { Language } from '../../core/languages.ts';

const sources: Readonly<Record<Language, () => Promise<{ default: string }>>> = {
  ru: () => import('../../locales/ru/app.ftl?raw'),
  en: () => import('../../locales/en/app.ftl?raw'),
};

let own: typeof sources | undefined;

/** Texts of another page beside those that all pages share; before the first language is loaded. */
export function addTexts(more: typeof sources): void {
  own = more;
}

const bundle = signal<FluentBundle | null>(null);
export const language = signal<Language>('en');

/** Loads a language's texts, and only then shows them. */
export async function useLanguage(wanted: Language): Promise<void> {
  if (bundle.value !== null && language.value === wanted) return;
  const [{ default: source }, more] = await Promise.all([sources[wanted](), own?.[wanted]()]);
  const loaded = new FluentBundle(wanted, { useIsolating: false });
  loaded.addResource(new FluentResource(source));
  if (more !== undefined) loaded.addResource(new FluentResource(more.default));
  language.value = wanted;
  bundle.value = loaded;
  document.documentElement.lang = wanted;
}

/** The text of a key in the language in use. A key that is not there shows itself, which the tests look for. */
export function t(key: string, variables: Record<string, FluentVariable> = {}): string {
  const pattern = bundle.value?.getMessage(key)?.value;
  return pattern ? (bundle.value?.formatPattern(pattern, variables) ?? key) : key;
}

/** Whether there is a text of that key. */
export function hasText(key: string): boolean {
  return bundle.value?.hasMessage(key) ?? false;
}
