/** What a person may be beside a customer. An owner may do whatever staff may. */
export const roles = ['staff', 'owner'] as const;
export type Role = (typeof roles)[number];

/** Whom a route serves: anybody, anybody who is logged in, or holders of a role. */
export type Access = 'public' | 'person' | Role;

/** The parts of the shop that a screen may show to a person. */
export type ShopModule = 'topup' | 'generation' | 'panel';

/** Whether a text names a role. */
export function isRole(text: string): text is Role {
  return (roles as readonly string[]).includes(text);
}

/** Whether somebody who is logged in with these roles is served where `access` is asked for. */
export function allows(access: Access, held: readonly string[]): boolean {
  if (access === 'public' || access === 'person') return true;
  return held.includes('owner') || held.includes(access);
}

/** The parts of the shop for a person with these roles. */
export function modulesFor(held: readonly string[]): ShopModule[] {
  return allows('staff', held) ? ['topup', 'generation', 'panel'] : ['topup', 'generation'];
}
