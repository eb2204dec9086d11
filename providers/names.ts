import type { KnownProviders } from '../core/pricing/catalogue-schema.ts';

/**
 * The providers that there is code for: what a catalogue may name. Adding one is a folder, its registry line and
 * this.
 */
export const knownProviders: KnownProviders = {
  payment: ['yookassa', 'heleket', 'stars', 'telegram-card'],
  generation: ['kie'],
  stars: ['fragment'],
  currencies: { yookassa: ['RUB'], heleket: ['RUB', 'USDT'], stars: ['XTR'], 'telegram-card': ['RUB'] },
};
