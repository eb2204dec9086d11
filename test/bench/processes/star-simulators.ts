import { announceReady } from '../../../platform/lifecycle.ts';
import { createFragmentSimulator } from '../../../providers/fragment/simulator.ts';
import { createTonSimulator } from '../../../providers/ton/simulator.ts';
import { silent } from '../../support/log.ts';
import { followParent, readParameters } from './parameters.ts';

/** A chain with money for some wallets, its blocks and its index as by default, and who delivers what is paid there. */
export interface StarSimulatorsParameters {
  readonly wallets: readonly string[];
  readonly token: string;
}

/** Enough for any run. */
const balanceNano = 1_000_000_000_000_000n;

followParent();
const { wallets, token } = readParameters<StarSimulatorsParameters>();
const ton = createTonSimulator({
  logger: silent,
  genesis: Object.fromEntries(wallets.map((address) => [address, balanceNano])),
});
const { url: tonUrl } = await ton.start();
const tonApiUrl = `${tonUrl}/api`;
const fragment = createFragmentSimulator({ logger: silent, token, tonApiUrl });
const { url: fragmentUrl } = await fragment.start();
announceReady({ tonApiUrl, fragmentUrl });
