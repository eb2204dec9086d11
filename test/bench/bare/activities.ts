import { createHash } from 'node:crypto';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Context } from '@temporalio/activity';
import type { BareActivities } from './messages.ts';

export interface BareActivitiesOptions {
  readonly kieUrl: string;
  readonly kieKey: string;
  readonly yookassaUrl: string;
  readonly shopId: string;
  readonly secretKey: string;
  /** Where the bare API listens; a callback's path ends with the order's id. */
  readonly webhookUrl: string;
  readonly folder: string;
}

type Json = Readonly<Record<string, unknown>>;

/** The calls to the simulators, by fetch, and the file of each picture; nothing is stored, checked or resolved. */
export function createBareActivities(options: BareActivitiesOptions): BareActivities {
  const headers = {
    authorization: `Bearer ${options.kieKey}`,
    'content-type': 'application/json',
    'user-agent': 'bench',
  };

  async function look(taskId: string): Promise<readonly string[] | undefined> {
    const record = await ask(`${options.kieUrl}/api/v1/jobs/recordInfo?taskId=${taskId}`, { headers });
    const data = record['data'] as Json;
    if (data['state'] !== 'success') return undefined;
    const { resultUrls } = JSON.parse(String(data['resultJson'])) as { resultUrls: string[] };
    return Promise.all(resultUrls.map((url) => keep(url, options.folder)));
  }

  return {
    reserveGeneration: () => Promise.resolve({ status: 'reserved' }),
    captureGeneration: () => Promise.resolve({ outcome: 'captured', status: 'succeeded' }),
    async submitGeneration({ id }) {
      const input = { prompt: 'A red fox in the morning tram', aspect_ratio: '1:1', output_format: 'png' };
      const created = await ask(`${options.kieUrl}/api/v1/jobs/createTask`, {
        method: 'POST',
        headers,
        body: JSON.stringify({
          model: 'google/nano-banana',
          callBackUrl: `${options.webhookUrl}/webhooks/kie/${id}`,
          input,
        }),
      });
      return { taskId: String((created['data'] as Json)['taskId']) };
    },
    async awaitPictures({ taskId }) {
      for (;;) {
        const pictures = await look(taskId);
        if (pictures !== undefined) return pictures;
        Context.current().heartbeat();
        await Context.current().sleep(2_500);
      }
    },
    async collectPictures({ taskId }) {
      const pictures = await look(taskId);
      if (pictures === undefined) throw new Error(`task ${taskId} has not ended`);
      return pictures;
    },
    async createPayment({ id }) {
      const { shopId, secretKey } = options;
      const payment = await ask(`${options.yookassaUrl}/payments`, {
        method: 'POST',
        headers: {
          authorization: `Basic ${Buffer.from(`${shopId}:${secretKey}`).toString('base64')}`,
          'content-type': 'application/json',
          'idempotence-key': id,
        },
        body: JSON.stringify({
          amount: { value: '500.00', currency: 'RUB' },
          capture: true,
          confirmation: { type: 'redirect', return_url: 'https://shop.example/back' },
          description: '100 CREDIT',
          metadata: { topup_id: id },
        }),
      });
      const confirmation = payment['confirmation'] as Json | undefined;
      return { paymentId: String(payment['id']), payUrl: String(confirmation?.['confirmation_url']) };
    },
  };
}

async function ask(url: string, init: RequestInit): Promise<Json> {
  const answer = await fetch(url, init);
  if (!answer.ok) throw new Error(`${new URL(url).pathname} answered ${answer.status}: ${await answer.text()}`);
  return (await answer.json()) as Json;
}

/** As the product's store does: a file named after its bytes. */
async function keep(url: string, folder: string): Promise<string> {
  const answer = await fetch(url);
  const bytes = Buffer.from(await answer.arrayBuffer());
  const name = createHash('sha256').update(bytes).digest('hex');
  await mkdir(folder, { recursive: true });
  await writeFile(join(folder, name), bytes);
  return name;
}
