import pc from 'picocolors';
import { demoUsers } from '../../core/demo.ts';
import type { Config } from '../../platform/config.ts';
import { signInitData } from '../../platform/init-data.ts';

/** What stands where, for people and for programs; it never holds a real secret. Absent things are null. */
export interface Board {
  readonly api: string;
  readonly app: string | null;
  readonly admin: string | null;
  readonly temporalUi: string | null;
  readonly temporalAddress: string;
  readonly databaseUrl: string | null;
  readonly simulators: Readonly<Record<string, string>>;
  readonly sandbox: string | null;
  readonly demo: {
    readonly botToken: string | null;
    readonly providers: Readonly<Record<string, Readonly<Record<string, string>>>>;
    readonly users: readonly { telegramId: number; name: string; role: string; initData: string | null }[];
  };
}

/** What the board knows beside the configuration. */
export interface Ground {
  readonly databaseUrl: string;
  readonly ownDatabase: boolean;
  /** Where the data stands when not in the home. */
  readonly databaseFolder: string | undefined;
  readonly temporalAddress: string;
  readonly temporalUi: string | undefined;
  readonly ownBot: boolean;
}

/** The outside systems that a simulator may stand for. */
const outside = ['yookassa', 'heleket', 'kie', 'telegram', 'ton', 'fragment'] as const;

export function makeBoard(config: Config, ground: Ground, now: Date): Board {
  const { yookassa, heleket, kie, telegram, ton, fragment, botToken } = config;
  const simulated = outside.filter((name) => config[name].simulated);
  const token = ground.ownBot ? botToken.reveal() : null;
  return {
    api: config.api.publicUrl,
    app: config.telegram.miniAppUrl,
    admin: `${config.api.publicUrl}/admin/`,
    temporalUi: ground.temporalUi ?? null,
    temporalAddress: ground.temporalAddress,
    databaseUrl: ground.ownDatabase ? ground.databaseUrl : null,
    simulators: Object.fromEntries(simulated.map((name) => [name, new URL(config[name].apiUrl).origin])),
    sandbox: telegram.simulated ? `${new URL(telegram.apiUrl).origin}/` : null,
    demo: {
      botToken: token,
      providers: {
        ...(yookassa.simulated
          ? { yookassa: { shopId: yookassa.shopId, secretKey: yookassa.secretKey.reveal() } }
          : {}),
        ...(heleket.simulated ? { heleket: heleketKeys(heleket) } : {}),
        ...(kie.simulated ? { kie: { apiKey: kie.apiKey.reveal() } } : {}),
        ...(ton.simulated ? { ton: { apiKey: ton.apiKey?.reveal() ?? '' } } : {}),
        ...(fragment.demoToken === undefined ? {} : { fragment: { token: fragment.demoToken.reveal() } }),
      },
      users: demoUsers.map((user) => ({
        telegramId: user.telegramId,
        name: user.name,
        role: user.role,
        initData: token === null ? null : signInitData(user, token, now),
      })),
    },
  };
}

function heleketKeys({ merchantId, paymentKey, payoutKey }: Config['heleket']): Record<string, string> {
  return { merchantId, paymentKey: paymentKey.reveal(), payoutKey: payoutKey?.reveal() ?? '' };
}

type Row = [name: string, place: string, note: string];

/** The board as a person reads it. */
export function describeBoard(board: Board, config: Config, ground: Ground): string {
  const rows: Row[] = [
    ...(board.sandbox === null ? [] : [['Sandbox', board.sandbox, 'a Telegram to try the bot in'] as Row]),
    ...(board.app === null ? [] : [['Mini App', board.app, 'in any browser, as one of the people below'] as Row]),
    ...(board.admin === null ? [] : [['Panel', board.admin, 'for operators, in any browser as oleg or sonya'] as Row]),
    ['API', board.api, `health ${board.api}/healthz, reference ${board.api}/docs`],
    [
      'Temporal',
      board.temporalUi ?? board.temporalAddress,
      board.temporalUi === null ? 'yours' : `server ${board.temporalAddress}`,
    ],
    ['Database', withoutPassword(ground.databaseUrl), databaseNote(ground)],
    outsideRow('YooKassa', config.yookassa),
    outsideRow('Heleket', config.heleket),
    outsideRow('kie.ai', config.kie),
    outsideRow('TON', config.ton),
    ['Fragment', config.fragment.apiUrl, config.fragment.simulated ? 'simulated: no wallet is set' : 'real'],
    ['People', demoUsers.map(({ name }) => name).join(', '), 'npx holdfast demo-user anna'],
    ['Logs', `${config.home}/logs`, `all of this in ${config.home}/board.json`],
  ];
  const lines = rows.map(([name, place, note]) => `  ${pc.bold(name.padEnd(10))} ${place}  ${pc.dim(note)}`);
  return ['', pc.green(pc.bold('  Holdfast is up.')) + pc.dim('  Ctrl-C ends everything.'), '', ...lines, ''].join(
    '\n',
  );
}

function outsideRow(name: string, { simulated, apiUrl }: { simulated: boolean; apiUrl: string }): Row {
  return simulated ? [name, new URL(apiUrl).origin, 'simulated: no key is set'] : [name, apiUrl, 'real'];
}

function databaseNote(ground: Ground): string {
  if (!ground.ownDatabase) return 'yours';
  return ground.databaseFolder === undefined
    ? 'embedded'
    : `embedded; its user cannot reach this folder, so the data is in ${ground.databaseFolder}`;
}

function withoutPassword(url: string): string {
  const shown = new URL(url);
  shown.password = '';
  return shown.toString();
}
