import type { BotSelf } from './bot-self.ts';
import { badRequest, tooManyRequests } from './errors.ts';
import { type Polling, readAllowed } from './get-updates.ts';
import { Described, type Methods } from './method.ts';
import type { Settings, WebhookState } from './model.ts';
import type { Parameters } from './parameters.ts';
import type { Updates } from './updates.ts';

interface MethodsDeps {
  readonly settings: Settings;
  readonly self: BotSelf;
  readonly updates: Updates;
  readonly polling: Polling;
  readonly nowMs: () => number;
  /** Forgets waits and failures, and begins to deliver. */
  restart(): void;
}

const connectionsMax = 100;
const connectionsByDefault = 40;
const ports = ['443', '80', '88', '8443'];
const secretMax = 256;

/** `setWebhook`, `deleteWebhook`, `getWebhookInfo`. */
export function webhookMethods(deps: MethodsDeps): { methods: Methods; info: () => unknown } {
  const { settings, self, updates, polling, nowMs, restart } = deps;
  let lastSetAtMs = -Infinity;

  function remove(parameters: Parameters): Described {
    dropIfAsked(parameters);
    const had = self.state().webhook !== undefined;
    self.change((bot) => {
      delete bot.webhook;
    });
    return new Described(true, had ? 'Webhook was deleted' : 'Webhook is already deleted');
  }

  function dropIfAsked(parameters: Parameters): void {
    if (!parameters.boolean('drop_pending_updates')) return;
    updates.confirm(updates.pending().map(({ update }) => update.update_id));
  }

  function info(): unknown {
    const { webhook, allowedUpdates } = self.state();
    return {
      url: webhook?.url ?? '',
      has_custom_certificate: false,
      pending_update_count: updates.pending().length,
      ...(webhook?.ipAddress === undefined ? {} : { ip_address: webhook.ipAddress }),
      ...(webhook?.lastErrorDate === undefined ? {} : { last_error_date: webhook.lastErrorDate }),
      ...(webhook?.lastErrorMessage === undefined ? {} : { last_error_message: webhook.lastErrorMessage }),
      ...(webhook ? { max_connections: webhook.maxConnections } : {}),
      ...(allowedUpdates === undefined ? {} : { allowed_updates: allowedUpdates }),
    };
  }

  return {
    info,
    methods: {
      setWebhook({ parameters }) {
        const url = (parameters.text('url') ?? '').trim();
        if (url === '') return remove(parameters);
        const next = readWebhook(parameters, url, settings);
        const allowed = readAllowed(parameters);
        const { webhook, allowedUpdates } = self.state();
        const unchanged = webhook !== undefined && isSame(webhook, next);
        const sameKinds = allowed === undefined || String(allowed) === String(allowedUpdates ?? []);
        if (unchanged && sameKinds && !parameters.boolean('drop_pending_updates')) {
          return new Described(true, 'Webhook is already set');
        }
        if (nowMs() - lastSetAtMs < 1_000) throw tooManyRequests(1);
        lastSetAtMs = nowMs();
        updates.allow(allowed);
        dropIfAsked(parameters);
        self.change((bot) => {
          bot.webhook = next;
        });
        polling.end('setWebhook request');
        restart();
        return new Described(true, 'Webhook was set');
      },
      deleteWebhook: ({ parameters }) => remove(parameters),
      getWebhookInfo: info,
    },
  };
}

function isSame(left: WebhookState, right: WebhookState): boolean {
  return (['url', 'secretToken', 'maxConnections', 'ipAddress'] as const).every((name) => left[name] === right[name]);
}

function readWebhook(parameters: Parameters, url: string, settings: Settings): WebhookState {
  const secret = parameters.text('secret_token') ?? '';
  if (secret.length > secretMax) throw badRequest('secret token is too long');
  if (!/^[\w-]*$/.test(secret)) throw badRequest('secret token contains unallowed characters');
  checkAddress(url, settings.loopbackWebhooks);
  const connections = parameters.integer('max_connections') ?? connectionsByDefault;
  const ipAddress = parameters.text('ip_address') ?? '';
  return {
    url,
    maxConnections: Math.min(Math.max(connections, 1), connectionsMax),
    ...(secret === '' ? {} : { secretToken: secret }),
    ...(ipAddress === '' ? {} : { ipAddress }),
  };
}

function checkAddress(url: string, loopback: boolean): void {
  if (!URL.canParse(url)) throw badRequest('invalid webhook URL specified');
  const { protocol, port, hostname } = new URL(url);
  if (loopback && ['127.0.0.1', 'localhost', '[::1]'].includes(hostname) && /^https?:$/.test(protocol)) return;
  if (protocol !== 'https:') throw badRequest('bad webhook: An HTTPS URL must be provided for webhook');
  if (!ports.includes(port || '443')) {
    throw badRequest('bad webhook: Webhook can be set up only on ports 80, 88, 443 or 8443');
  }
}
