/** The languages that we speak. */
export const languages = ['ru', 'en'] as const;
export type Language = (typeof languages)[number];
