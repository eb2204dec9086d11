import { randomBytes } from 'node:crypto';
import type { Context } from 'koa';
import { pageStyle } from './payment-page-style.ts';

export interface PageFrame {
  readonly nonce: string;
  /** What simulates whom, in one line over everything. */
  readonly headline: string;
  readonly title?: string;
  /** Where the payer is taken after a moment. */
  readonly leavesTo?: string | undefined;
}

/** One payment page of a simulator: a mark that no money moves, and what is inside. There is no script on it. */
export function framePage(body: string, { nonce, headline, title, leavesTo }: PageFrame): string {
  const away = leavesTo === undefined ? '' : `<meta http-equiv="refresh" content="2;url=${escapeHtml(leavesTo)}">`;
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>${escapeHtml(title === undefined ? headline : `${title} · ${headline}`)}</title>
${away}
<style nonce="${nonce}">${pageStyle}</style>
</head>
<body>
<main>
<p class="mark">${headline}</p>
${body}
</main>
</body>
</html>
`;
}

/** The page for a link that leads to no payment. */
export function renderMissingPage(nonce: string, headline: string): string {
  const body = `<h1 class="title">No such payment</h1>
<p class="hint center">The link is wrong, or the simulator was reset.</p>`;
  return framePage(body, { nonce, headline });
}

/** Sets the headers of a payment page; the answer is the nonce of its style. */
export function securePage(ctx: Context): string {
  const nonce = randomBytes(16).toString('base64');
  ctx.set({
    'content-security-policy': [
      "default-src 'none'",
      `style-src 'nonce-${nonce}'`,
      "form-action 'self'",
      "base-uri 'none'",
      "frame-ancestors 'none'",
    ].join('; '),
    'cache-control': 'no-store',
    'referrer-policy': 'no-referrer',
    'x-content-type-options': 'nosniff',
  });
  return nonce;
}

/** Where a shop wants its payer back; only what a browser may follow from a page. */
export function followableUrl(returnUrl: string | null | undefined): string | undefined {
  if (returnUrl === null || returnUrl === undefined || !URL.canParse(returnUrl)) return undefined;
  return ['http:', 'https:', 'tg:'].includes(new URL(returnUrl).protocol) ? returnUrl : undefined;
}

/** `9 999 999`, in groups of three that do not come apart. */
export function groupedDigits(whole: string): string {
  return whole.replace(/\B(?=(\d{3})+$)/g, '\u00a0');
}

/** A text as HTML shows it, in an attribute too. */
export function escapeHtml(text: string): string {
  const entities: Readonly<Record<string, string>> = {
    '&': '&amp;',
    '<': '&lt;',
    '>': '&gt;',
    '"': '&quot;',
    "'": '&#39;',
  };
  return text.replace(/[&<>"']/g, (sign) => entities[sign] ?? sign);
}

const icon = (path: string) =>
  `<svg width="24" height="24" viewBox="0 0 24 24" fill="none" stroke="currentColor" stroke-width="1.75"
stroke-linecap="round" stroke-linejoin="round" aria-hidden="true">${path}</svg>`;

export const pageIcons = {
  tick: icon('<path d="M5 12.5l4.5 4.5L19 7.5"/>'),
  cross: icon('<path d="M7 7l10 10M17 7L7 17"/>'),
  chevron: icon('<path d="M10 7l5 5-5 5"/>'),
  clock: icon('<circle cx="12" cy="12" r="8"/><path d="M12 7.5V12l3 2"/>'),
} as const;
