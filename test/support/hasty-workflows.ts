import { shortenDeadlines } from './short-deadlines.ts';

/* The real workflows, with deadlines that a test can live to see. */

shortenDeadlines();

export * from '../../workflows/index.ts';
