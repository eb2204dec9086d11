import { announceReady } from '../../../platform/lifecycle.ts';
import { createTelegramSimulator } from '../../../providers/telegram/simulator.ts';
import { silent } from '../../support/log.ts';
import { followParent, readParameters } from './parameters.ts';

/** A Telegram in memory, without its limits. */
export interface TelegramParameters {
  readonly botToken: string;
}

followParent();
const { botToken } = readParameters<TelegramParameters>();
const { url } = await createTelegramSimulator({ botToken, logger: silent }).start();
announceReady({ url });
