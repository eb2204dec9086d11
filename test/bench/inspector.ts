/** What a process holds after its garbage has been collected, in bytes. */
export interface MemoryReading {
  readonly rss: number;
  readonly heapUsed: number;
}

interface Target {
  readonly webSocketDebuggerUrl: string;
}

/** Looks into a process that was started with `--inspect=127.0.0.1:<port>`: collects its garbage, reads its memory. */
export async function readMemory(port: number): Promise<MemoryReading> {
  const targets = (await (await fetch(`http://127.0.0.1:${port}/json/list`)).json()) as Target[];
  const socket = new WebSocket(targets[0]?.webSocketDebuggerUrl ?? '');
  await new Promise((resolve, reject) => {
    socket.addEventListener('open', resolve, { once: true });
    socket.addEventListener('error', () => reject(new Error(`no inspector at port ${port}`)), { once: true });
  });
  try {
    // Twice: what the first collection finalises is free only for the second.
    for (let round = 0; round < 2; round += 1) await ask(socket, 'HeapProfiler.collectGarbage');
    const expression = 'JSON.stringify(process.memoryUsage())';
    const { result } = (await ask(socket, 'Runtime.evaluate', { expression })) as { result: { value: string } };
    const { rss, heapUsed } = JSON.parse(result.value) as MemoryReading;
    return { rss, heapUsed };
  } finally {
    socket.close();
  }
}

let lastId = 0;

function ask(socket: WebSocket, method: string, params: object = {}): Promise<unknown> {
  lastId += 1;
  const id = lastId;
  return new Promise((resolve, reject) => {
    const listen = ({ data }: MessageEvent): void => {
      const message = JSON.parse(String(data)) as { id?: number; result?: unknown; error?: { message: string } };
      if (message.id !== id) return;
      socket.removeEventListener('message', listen);
      if (message.error) reject(new Error(`${method}: ${message.error.message}`));
      else resolve(message.result);
    };
    socket.addEventListener('message', listen);
    socket.send(JSON.stringify({ id, method, params }));
  });
}
