import { type Core, fail } from './core.ts';
import { wordsOf } from './words.ts';

type InvoiceStatus = 'paid' | 'cancelled' | 'failed' | 'pending';

/** Ways out of the page: links, invoices, data for the bot, inline queries. */
export function createLinks(core: Core) {
  const invoices = new Map<string, { url: string; callback?: ((status: InvoiceStatus) => void) | undefined }>();
  core.bridge.on('invoice_closed', (data) => {
    const slug = wordsOf(data['slug']);
    const invoice = invoices.get(slug);
    if (invoice === undefined) return;
    invoices.delete(slug);
    const status = data['status'] as InvoiceStatus;
    invoice.callback?.(status);
    core.events.emit('invoiceClosed', { url: invoice.url, status });
  });
  const openTelegramLink = (url: string, options: { force_request?: boolean } = {}): void => {
    const { pathname, search } = telegramUrl(url, 'WebAppTgUrlInvalid');
    core.bridge.post('web_app_open_tg_link', { path_full: pathname + search, ...options });
  };
  return {
    openTelegramLink,
    openLink(url: string, options: { try_instant_view?: boolean } = {}) {
      const { protocol, href } = readUrl(url, 'WebAppUrlInvalid');
      if (protocol !== 'http:' && protocol !== 'https:')
        fail('WebAppUrlInvalid', `Url protocol is not supported: ${url}`);
      core.bridge.post('web_app_open_link', { url: href, ...(core.atLeast('6.4') ? options : {}) });
    },
    openInvoice(url: string, callback?: (status: InvoiceStatus) => void) {
      core.need('openInvoice', '6.1');
      const { pathname } = telegramUrl(url, 'WebAppInvoiceUrlInvalid');
      const slug = /^\/(?:\$|invoice\/)([A-Za-z0-9\-_=]+)$/.exec(pathname)?.[1];
      if (slug === undefined) return fail('WebAppInvoiceUrlInvalid', `Invoice url is invalid: ${url}`);
      if (invoices.has(slug)) fail('WebAppInvoiceOpened', 'Invoice is already opened');
      invoices.set(slug, { url, callback });
      core.bridge.post('web_app_open_invoice', { slug });
    },
    sendData(data: string) {
      if (!data) fail('WebAppDataInvalid', 'Data is required');
      if (new TextEncoder().encode(data).length > 4_096) fail('WebAppDataInvalid', 'Data is too long');
      core.bridge.post('web_app_data_send', { data });
    },
    switchInlineQuery(query: string, chatTypes: string[] = []) {
      core.need('switchInlineQuery', '6.7');
      const text = query.trim();
      if (text.length > 256) fail('WebAppInlineQueryInvalid', 'Inline query is too long');
      core.bridge.post('web_app_switch_inline_query', { query: text, chat_types: chatTypes });
    },
  };
}

function readUrl(url: string, error: string): URL {
  return URL.parse(url, window.location.href) ?? fail(error, `Url is invalid: ${url}`);
}

function telegramUrl(url: string, error: string): URL {
  const parsed = readUrl(url, error);
  const ours = parsed.protocol === 'http:' || parsed.protocol === 'https:';
  return ours && parsed.hostname === 't.me' ? parsed : fail(error, `Url is no link to Telegram: ${url}`);
}
