import type { Logger } from './logger.ts';

type Hook = () => Promise<void> | void;

export interface Lifecycle {
  /** Adds something to close. Hooks run one after another, the last added first. */
  onShutdown(name: string, hook: Hook): void;
  /** Closes everything once; later calls get the same promise. The exit code is 0 unless said otherwise. */
  shutdown(reason: string, code?: number): Promise<void>;
  /** Set as soon as the shutdown has begun. */
  readonly closing: AbortSignal;
  /** Resolves with the exit code when everything is closed. */
  readonly ended: Promise<number>;
}

export interface LifecycleOptions {
  readonly logger: Logger;
  /** After this long the process ends whatever is still open. */
  readonly timeoutMs?: number;
  /** Sets the exit code and leaves; replaced in tests. */
  readonly exit?: (code: number) => void;
}

/**
 * The life of one process: SIGTERM, SIGINT, the end of a supervisor that holds an IPC channel, or an error that nobody
 * caught all lead to one orderly shutdown. Exit code 0 after a signal, 1 after an error.
 */
export function createLifecycle(options: LifecycleOptions): Lifecycle {
  const { logger, timeoutMs = 10_000, exit = (code: number) => process.exit(code) } = options;
  const hooks: { name: string; hook: Hook }[] = [];
  const { promise: ended, resolve: end } = Promise.withResolvers<number>();
  let exitCode = 0;
  const controller = new AbortController();
  let closed: Promise<void> | undefined;

  async function close(reason: string): Promise<void> {
    logger.info({ reason }, 'shutting down');
    const timer = setTimeout(() => {
      logger.error({ timeoutMs }, 'shutdown took too long');
      exit(1);
    }, timeoutMs);
    for (const { name, hook } of hooks.toReversed()) exitCode = Math.max(exitCode, await closeOne(name, hook, logger));
    clearTimeout(timer);
    logger.info('shut down');
    end(exitCode);
    exit(exitCode);
  }

  function shutdown(reason: string, code = 0): Promise<void> {
    exitCode ||= code;
    controller.abort();
    closed ??= close(reason);
    return closed;
  }

  function fail(kind: string, error: unknown): void {
    logger.fatal({ err: error }, kind);
    void shutdown(kind, 1);
  }

  process.on('SIGTERM', () => void shutdown('SIGTERM'));
  process.on('SIGINT', () => void shutdown('SIGINT'));
  process.on('unhandledRejection', (error) => fail('unhandledRejection', error));
  process.on('uncaughtException', (error) => fail('uncaughtException', error));
  followSupervisor(() => void shutdown('supervisor gone'));

  return { onShutdown: (name, hook) => hooks.push({ name, hook }), shutdown, closing: controller.signal, ended };
}

/** Tells the supervisor, if there is one, that this process does its work now. */
export function announceReady(details: Readonly<Record<string, string | number>> = {}): void {
  process.send?.({ kind: 'ready', ...details });
}

/** A supervised process must not outlive its supervisor, even one killed by `kill -9`. */
function followSupervisor(stop: () => void): void {
  if (!process.channel) return;
  process.channel.unref();
  process.once('disconnect', stop);
}

async function closeOne(name: string, hook: Hook, logger: Logger): Promise<number> {
  try {
    await hook();
    return 0;
  } catch (error) {
    logger.error({ err: error, part: name }, 'could not close');
    return 1;
  }
}
