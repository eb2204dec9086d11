import type { Outcome } from '../../core/result.ts';
import type { Secret } from '../../platform/secret.ts';
import type { Http, HttpRequest } from '../http.ts';
import type { KieReply } from './codes.ts';

export interface KieOptions {
  /** `https://api.kie.ai`, or the simulator. */
  readonly apiUrl: string;
  /** Uploads live on another host: `https://kieai.redpandaai.co`. */
  readonly uploadUrl: string;
  readonly apiKey: Secret;
  /** The way to the API. */
  readonly http: Http;
  /**
   * The way to the upload host and to where results lie; apart, so that a slow file host opens no breaker of the API.
   */
  readonly filesHttp: Http;
}

/** One call of the API or the upload host. */
export type KieCall = (request: KieRequest) => Promise<Outcome<KieReply>>;

interface KieRequest extends Pick<HttpRequest, 'method' | 'deadlineMs' | 'freshConnection' | 'body' | 'route'> {
  readonly url: string;
  readonly contentType?: string;
  readonly via?: Http;
}
