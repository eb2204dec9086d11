import type { LiveSocket } from './socket.ts';

/** The open sockets of a process by their topic. */
export interface Topics {
  add(socket: LiveSocket): void;
  remove(socket: LiveSocket): void;
  of(topic: string): ReadonlySet<LiveSocket>;
  names(): readonly string[];
  sockets(): readonly LiveSocket[];
  count(): number;
}

const none: ReadonlySet<LiveSocket> = new Set();

export function createTopics(): Topics {
  const byTopic = new Map<string, Set<LiveSocket>>();
  let count = 0;
  return {
    add(socket) {
      const sockets = byTopic.get(socket.topic) ?? new Set();
      byTopic.set(socket.topic, sockets.add(socket));
      count += 1;
    },
    remove(socket) {
      const sockets = byTopic.get(socket.topic);
      if (sockets?.delete(socket) !== true) return;
      count -= 1;
      if (sockets.size === 0) byTopic.delete(socket.topic);
    },
    of: (topic) => byTopic.get(topic) ?? none,
    names: () => [...byTopic.keys()],
    sockets: () => [...byTopic.values()].flatMap((sockets) => [...sockets]),
    count: () => count,
  };
}
