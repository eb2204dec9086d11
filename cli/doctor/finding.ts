/** What the doctor says about one thing. A warning works for now; a failure does not. */
export interface Finding {
  readonly name: string;
  readonly status: 'ok' | 'warning' | 'failure';
  readonly detail: string;
  /** What to do about it. */
  readonly fix?: string;
}

export function ok(name: string, detail: string): Finding {
  return { name, status: 'ok', detail };
}

export function warning(name: string, detail: string, fix: string): Finding {
  return { name, status: 'warning', detail, fix };
}

export function failure(name: string, detail: string, fix: string): Finding {
  return { name, status: 'failure', detail, fix };
}

/** The first line of what went wrong. */
export function reasonOf(error: unknown): string {
  const text = error instanceof AggregateError ? String(error.errors[0]) : String(error);
  return text.replace(/^(Aggregate)?Error: /, '').split('\n')[0] ?? '';
}
