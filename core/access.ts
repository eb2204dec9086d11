/**
 * What a person may be beside a customer. Support sees, a manager decides; above a limit two people must say the same,
 * and one of them must be an owner, which is counted where the words are kept (`db/flows/star-purchase.sql`).
 */
export const roles = ['support', 'manager', 'owner'] as const;
export type Role = (typeof roles)[number];

/** What can be done in the operator panel, and who may. */
export const operatorActs = {
  see: ['support', 'manager', 'owner'],
  close_case: ['manager', 'owner'],
  decide: ['manager', 'owner'],
} as const satisfies Readonly<Record<string, readonly Role[]>>;
export type OperatorAct = keyof typeof operatorActs;

/** Whom a route serves: anybody, anybody who is logged in, or operators who may do an act. */
export type Access = 'public' | 'person' | `operator:${OperatorAct}`;

/** The parts of the shop that a screen may show to a person. */
export type ShopModule = 'topup' | 'generation' | 'stars' | 'panel';

/** Whether a text names a role. */
export function isRole(text: string): text is Role {
  return (roles as readonly string[]).includes(text);
}

/** The highest role among those held; null for a customer. */
export function operatorRole(held: readonly string[]): Role | null {
  return roles.findLast((role) => held.includes(role)) ?? null;
}

/** Whether holders of these roles may do an act of the panel. */
export function mayAct(act: OperatorAct, held: readonly string[]): boolean {
  return operatorActs[act].some((role) => held.includes(role));
}

/**
 * Whether holders of these roles may decide about a purchase. A manager may not about their own: the word could give
 * them back the money for what they have received. The rows hold to it (`db/flows/star-purchase.sql`).
 */
export function mayDecideAbout(purchase: { readonly isOwn: boolean }, held: readonly string[]): boolean {
  return mayAct('decide', held) && (!purchase.isOwn || held.includes('owner'));
}

/** All acts of the panel that holders of these roles may do. */
export function actsFor(held: readonly string[]): OperatorAct[] {
  return (Object.keys(operatorActs) as OperatorAct[]).filter((act) => mayAct(act, held));
}

/** The act of the panel that a route asks for; null for a route of customers. */
export function actOf(access: Access): OperatorAct | null {
  return access === 'public' || access === 'person' ? null : (access.slice('operator:'.length) as OperatorAct);
}

/** Whether somebody who is logged in with these roles is served where `access` is asked for. */
export function allows(access: Access, held: readonly string[]): boolean {
  const act = actOf(access);
  return act === null || mayAct(act, held);
}

/** The parts of a shop for a person with these roles; Stars are one where its catalogue sells them. */
export function modulesFor(held: readonly string[], shop: { readonly stars?: object | undefined }): ShopModule[] {
  const parts: ShopModule[] = shop.stars === undefined ? ['topup', 'generation'] : ['topup', 'generation', 'stars'];
  return operatorRole(held) === null ? parts : [...parts, 'panel'];
}
