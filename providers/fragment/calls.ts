import { type Outcome, done, refused, unknown } from '../../core/result.ts';
import { type Http, type HttpAnswer, type HttpRequest } from '../http.ts';
import { retryAfterHeaderMs } from '../retry-after.ts';
import { judgeError, judgeStatus } from './codes.ts';
import { type FragmentCookies, afterAnswer, cookieHeader } from './cookies.ts';
import { ajaxPageSchema, hashOf, parseAnswer, proofPayloadOf } from './schema.ts';

export interface FragmentCallsOptions {
  /** `https://fragment.com`, or the simulator. */
  readonly apiUrl: string;
  readonly http: Http;
}

/** What a page of the site holds for us. */
export interface FragmentPage {
  /** The token of API calls, bound to the session. */
  readonly hash: string;
  readonly proofPayload: string | undefined;
  /** Those that were sent, with what the page changed. */
  readonly cookies: FragmentCookies;
}

export interface ApiCall {
  readonly cookies: FragmentCookies;
  readonly hash: string;
  readonly method: string;
  readonly fields: Readonly<Record<string, string>>;
}

export interface ApiAnswer {
  readonly body: Readonly<Record<string, unknown>>;
  readonly cookies: FragmentCookies;
}

/** The site as a browser uses it: whole pages, pages in the background, and its API. Nothing here acts. */
export interface FragmentCalls {
  page(cookies: FragmentCookies): Promise<Outcome<FragmentPage>>;
  /** The HTML of a page that the site loads in the background. */
  backgroundPage(cookies: FragmentCookies, path: string): Promise<Outcome<string>>;
  api(call: ApiCall): Promise<Outcome<ApiAnswer>>;
}

const deadlineMs = 20_000;
const pagePath = '/stars/buy';
const userAgent =
  'Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/131.0.0.0 Safari/537.36';

/** Ways to call Fragment. Cookies and the hash go into headers and the query, which no log holds. */
export function createFragmentCalls({ apiUrl, http }: FragmentCallsOptions): FragmentCalls {
  const background = {
    'x-requested-with': 'XMLHttpRequest',
    accept: 'application/json, text/javascript, */*; q=0.01',
    origin: apiUrl,
    referer: `${apiUrl}${pagePath}`,
  };

  async function send(
    cookies: FragmentCookies,
    request: Omit<HttpRequest, 'deadlineMs'>,
  ): Promise<Outcome<HttpAnswer>> {
    const headers = { 'user-agent': userAgent, cookie: cookieHeader(cookies), ...request.headers };
    const answer = await http.send({ ...request, headers, deadlineMs });
    if (answer.outcome !== 'done') return answer;
    const { status, headers: given } = answer.value;
    return judgeStatus(status, retryAfterHeaderMs(given['retry-after'])) ?? answer;
  }

  return {
    async page(cookies) {
      const accept = 'text/html,application/xhtml+xml;q=0.9,*/*;q=0.8';
      const answer = await send(cookies, { method: 'GET', url: apiUrl + pagePath, headers: { accept } });
      if (answer.outcome !== 'done') return answer;
      const text = answer.value.text();
      const hash = hashOf(text);
      if (hash === undefined) return unknown('page_without_hash');
      const now = afterAnswer(cookies, answer.value.headers['set-cookie']);
      return done({ hash, proofPayload: proofPayloadOf(text), cookies: now });
    },

    async backgroundPage(cookies, path) {
      const [route = path] = path.split('?', 1);
      const answer = await send(cookies, { method: 'GET', url: apiUrl + path, route, headers: background });
      if (answer.outcome !== 'done') return answer;
      const body = parseAnswer(answer.value.text());
      if (body?.['error'] !== undefined) return judgeError(body['error']);
      const page = ajaxPageSchema.safeParse(body);
      return page.success ? done(page.data.h) : unknown('unreadable_answer');
    },

    async api({ cookies, hash, method, fields }) {
      const answer = await send(cookies, {
        method: 'POST',
        url: `${apiUrl}/api?hash=${encodeURIComponent(hash)}`,
        route: `/api/${method}`,
        headers: { ...background, 'content-type': 'application/x-www-form-urlencoded; charset=UTF-8' },
        body: new URLSearchParams({ method, ...fields }).toString(),
      });
      if (answer.outcome !== 'done') return answer;
      const body = parseAnswer(answer.value.text());
      if (!body) return unknown('unreadable_answer');
      if (body['error'] !== undefined) return judgeError(body['error']);
      if (body['need_verify'] === true) {
        return refused('verification_required', 'Fragment wants this account to be verified (KYC)');
      }
      return done({ body, cookies: afterAnswer(cookies, answer.value.headers['set-cookie']) });
    },
  };
}
