/** What the page is told at once, beside what it reads. */
export interface ChatEvent {
  readonly seq: number;
  readonly kind: 'message' | 'edit' | 'delete' | 'action' | 'callback' | 'menu' | 'chat';
  readonly messageId?: number;
  readonly message?: unknown;
  readonly action?: { readonly action: string; readonly untilMs: number };
  readonly callback?: { readonly text?: string; readonly showAlert: boolean; readonly url?: string };
}

export interface ChatEvents {
  emit(telegramId: number, event: Omit<ChatEvent, 'seq'>): void;
  /**
   * Listens to one person's chat from after `lastSeq`. Where that lies before what is still kept, the first event is
   * `chat`: read it anew. The answer ends the listening.
   */
  listen(
    telegramId: number,
    listener: (event: ChatEvent) => void,
    lastSeq: number | undefined,
  ): { readonly stop: () => void };
}

const keptMax = 500;

/** The live events of all chats, in memory: a page that comes after a restart reads its chat anew. */
export function createChatEvents(): ChatEvents {
  // Begun at the time, so that a number of an earlier life is never mistaken for one of this.
  const firstSeq = Date.now() * 1_000;
  let seq = firstSeq;
  const kept = new Map<number, ChatEvent[]>();
  const listeners = new Map<number, Set<(event: ChatEvent) => void>>();

  return {
    emit(telegramId, event) {
      seq += 1;
      const numbered = { ...event, seq };
      const row = kept.get(telegramId) ?? [];
      row.push(numbered);
      if (row.length > keptMax) row.shift();
      kept.set(telegramId, row);
      for (const listener of listeners.get(telegramId) ?? []) listener(numbered);
    },
    listen(telegramId, listener, lastSeq) {
      const row = kept.get(telegramId) ?? [];
      if (lastSeq !== undefined) {
        const oldest = row.length < keptMax ? firstSeq : (row[0]?.seq ?? firstSeq);
        if (lastSeq < oldest) listener({ seq, kind: 'chat' });
        else for (const event of row) if (event.seq > lastSeq) listener(event);
      }
      const others = listeners.get(telegramId) ?? new Set();
      listeners.set(telegramId, others.add(listener));
      return { stop: () => void others.delete(listener) };
    },
  };
}
