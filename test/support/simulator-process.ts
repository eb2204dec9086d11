import { createYookassaSimulator } from '../../providers/yookassa/simulator.ts';
import { silent } from './log.ts';
import { shop } from './yookassa.ts';

/** A simulator in a process of its own, to be killed: its state file is the argument, its origin the first line. */
const [, , statePath = ''] = process.argv;
const simulator = createYookassaSimulator({ ...shop, logger: silent, statePath });
const { url } = await simulator.start();
process.stdout.write(`${url}\n`);
