import { actsFor, operatorRole } from '../../../core/access.ts';
import * as contracts from '../../../core/http/admin.ts';
import { judgeProvider, systemOf, type WayStanding } from '../../../core/components.ts';
import type { OperatorActions } from '../../../db/operator-actions.ts';
import type { KnownWallet, PanelHealth } from '../../../db/panel-figures.ts';
import type { Profiles } from '../../../db/profiles.ts';
import type { providersOf } from '../../components.ts';
import { readNumberCursor, writeNumberCursor } from '../../cursor.ts';
import { Problem } from '../../problem.ts';
import { type Route, route } from '../../route.ts';
import { timedStateOf, type Readiness } from '../health.ts';

/** Looks at our wallet on the chain, within a deadline of its own. `read` null: the chain could not be read. */
export interface WalletWatch {
  /** The outside system that it asks. */
  readonly provider: string;
  /** `mayAsk` false: what was read last is all there is. */
  look(mayAsk: boolean): Promise<{
    readonly address: string;
    readonly friendlyAddress: string;
    readonly read: { readonly balanceNano: bigint; readonly at: string } | null;
  } | null>;
}

export interface OverviewRouteDeps {
  readonly actions: Pick<OperatorActions, 'list'>;
  readonly profiles: Pick<Profiles, 'read'>;
  readonly countOpenCases: () => Promise<number>;
  readonly readiness: Readiness['parts'];
  /** Reads what the database knows of the parts. */
  readonly health: () => Promise<PanelHealth>;
  readonly providers: ReturnType<typeof providersOf>;
  readonly readBreakers: () => Promise<readonly WayStanding[]>;
  readonly readEndedLogIns: () => Promise<ReadonlySet<string>>;
  readonly walletWatch: WalletWatch | undefined;
  readonly workflowsUrl: string | null;
}

const pageSize = 50;

/** Who I am in the panel, how the parts stand, and who did what. */
export function overviewRoutes(deps: OverviewRouteDeps): Route[] {
  return [
    route(contracts.panel, async ({ person }) => {
      const role = operatorRole(person.roles);
      if (role === null) throw new Problem('not_found');
      const [profile, openCases] = await Promise.all([deps.profiles.read(person.id), deps.countOpenCases()]);
      if (profile === undefined) throw new Problem('not_found');
      const { id, firstName, language } = profile;
      const operator = { id, firstName, language, role };
      return { body: { operator, may: actsFor(person.roles), workflowsUrl: deps.workflowsUrl, openCases } };
    }),

    route(contracts.panelHealth, async ({ ctx }) => {
      const names = Object.keys(deps.readiness);
      const [ways, endedLogIns] = await Promise.all([deps.readBreakers(), deps.readEndedLogIns()]);
      const [known, wallet, ...parts] = await Promise.all([
        deps.health(),
        lookAtWallet(deps.walletWatch, ways),
        ...names.map((name) => timedStateOf(ctx, name, deps.readiness[name])),
      ]);
      const providers = Object.entries(deps.providers).map(([name, { simulated, used }]) => ({
        name,
        simulated,
        openCases: known.casesByProvider.get(name) ?? 0,
        status: judgeProvider(name, { isConfigured: used, ways, endedLogIns }).status,
        needsLogIn: used && endedLogIns.has(name),
        breakers: ways
          .filter(({ way }) => systemOf(way) === name)
          .map(({ way, state, failures, since, waitMs }) => ({ way, state, failures, since, waitMs })),
      }));
      return { body: { parts, providers, wallets: withOurs(known.wallets, wallet), figures: known.figures } };
    }),

    route(contracts.listActions, async ({ query }) => {
      const { cursor, limit = pageSize } = query;
      const beforeId = readNumberCursor(cursor);
      const found = await deps.actions.list({ limit: limit + 1, ...(beforeId === undefined ? {} : { beforeId }) });
      const shown = found.slice(0, limit);
      const last = shown.at(-1);
      const items = shown.map(({ operatorId: _id, operatorName, ...line }) => ({
        ...line,
        id: String(line.id),
        operator: operatorName,
      }));
      const nextCursor = found.length > limit && last !== undefined ? writeNumberCursor(last.id) : null;
      return { body: { items, nextCursor } };
    }),
  ];
}

type SeenWallet = Awaited<ReturnType<WalletWatch['look']>>;

/** A chain that is left alone because it fails is not asked for a page either. */
async function lookAtWallet(watch: WalletWatch | undefined, ways: readonly WayStanding[]): Promise<SeenWallet> {
  if (watch === undefined) return null;
  const isLeftAlone = ways.some(({ way, state }) => way === watch.provider && state !== 'closed');
  return watch.look(!isLeftAlone);
}

/** The wallets that our rows know, with the balance of the one that pays; it stands first, also before it ever paid. */
function withOurs(known: readonly KnownWallet[], ours: SeenWallet) {
  const others = known.filter(({ address }) => address !== ours?.address);
  const shown = others.map((wallet) => ({ ...wallet, friendlyAddress: null, balance: null }));
  if (ours === null) return shown;
  const fresh = { address: ours.address, nextSeqno: 0, waitingPayments: 0, pending: null };
  const { read, friendlyAddress } = ours;
  const balance = read && { amountMinor: read.balanceNano.toString(), asset: 'TON' as const, readAt: read.at };
  return [{ ...(known.find(({ address }) => address === ours.address) ?? fresh), friendlyAddress, balance }, ...shown];
}
