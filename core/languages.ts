/** The languages that we speak. */
export const languages = ['ru', 'en'] as const;
export type Language = (typeof languages)[number];

/** Whether a text names a language of ours. */
export function isLanguage(text: unknown): text is Language {
  return (languages as readonly unknown[]).includes(text);
}
