/** How much of each kind of work one worker process takes on at once. */
export const slots = {
  /** Workflow tasks and local activities of the flows' own queue. */
  flows: {
    maxConcurrentWorkflowTaskExecutions: 60,
    maxConcurrentLocalActivityExecutions: 60,
    maxCachedWorkflows: 1_000,
  },
  /** Calls to one provider. */
  provider: { maxConcurrentActivityTaskExecutions: 60 },
  /** Idle waits for results: cheap, so many. */
  waits: { maxConcurrentActivityTaskExecutions: 2_000 },
} as const;

/**
 * How long a stopping worker lets running activities finish, and after how long it goes all the same. An idle wait is
 * left at once: another worker goes on with it.
 */
export const shutdown = { graceMs: 40_000, waitsGraceMs: 0, forceMs: 45_000 } as const;
