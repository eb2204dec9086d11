export type EventData = Readonly<Record<string, unknown>>;

/** One thing that the page asked of the host, for tests. */
export interface RecordedCall {
  readonly call: string;
  readonly data: EventData;
}

export interface Bridge {
  /** Asks the host for something; the event's names are those of Telegram's web clients. */
  post(eventType: string, data?: EventData): void;
  on(eventType: string, listener: (data: EventData) => void): void;
}

interface Envelope {
  readonly eventType: string;
  readonly eventData?: EventData | null;
}

/**
 * Talks with the frame's owner as Telegram's clients do: JSON texts by postMessage. Only the owner at the origin that
 * gave us this script is heard and told anything.
 */
export function createBridge(hostOrigin: string, record: (call: RecordedCall) => void): Bridge {
  const listeners = new Map<string, ((data: EventData) => void)[]>();
  window.addEventListener('message', (event: MessageEvent<unknown>) => {
    if (event.source !== window.parent || event.origin !== hostOrigin) return;
    const envelope = readEnvelope(event.data);
    if (envelope === undefined) return;
    for (const listener of listeners.get(envelope.eventType) ?? []) listener(envelope.eventData ?? {});
  });
  return {
    post(eventType, data = {}) {
      record({ call: eventType, data });
      if (window.parent !== window) {
        window.parent.postMessage(JSON.stringify({ eventType, eventData: data }), hostOrigin);
      }
    },
    on(eventType, listener) {
      listeners.set(eventType, [...(listeners.get(eventType) ?? []), listener]);
    },
  };
}

export function readEnvelope(text: unknown): Envelope | undefined {
  if (typeof text !== 'string') return undefined;
  try {
    const envelope = JSON.parse(text) as Partial<Envelope> | null;
    return typeof envelope?.eventType === 'string' ? (envelope as Envelope) : undefined;
  } catch {
    return undefined;
  }
}
