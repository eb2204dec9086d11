import { announceReady } from '../../../platform/lifecycle.ts';
import { createKieSimulator } from '../../../providers/kie/simulator.ts';
import { createYookassaSimulator, simulatorApiPath } from '../../../providers/yookassa/simulator.ts';
import { silent } from '../../support/log.ts';
import { followParent, readParameters } from './parameters.ts';

/** Both providers, answering at once, in memory: a picture is prepared beforehand, and nothing is limited. */
export interface SimulatorsParameters {
  readonly shopId: string;
  readonly secretKey: string;
  readonly kieKey: string;
}

followParent();
const { shopId, secretKey, kieKey } = readParameters<SimulatorsParameters>();
const kie = createKieSimulator({
  logger: silent,
  apiKey: kieKey,
  credits: 100_000_000,
  settings: { delayMs: 0, propagationMs: 0, createMax: 0, preparedPicture: true },
});
const yookassa = createYookassaSimulator({ shopId, secretKey, logger: silent });
const { url: kieUrl, uploadUrl } = await kie.start();
const { url } = await yookassa.start();
announceReady({ kieUrl, uploadUrl, yookassaUrl: `${url}${simulatorApiPath}` });
