import { randomBytes } from 'node:crypto';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface PageBytes {
  readonly html: number;
  readonly script: number;
  readonly style: number;
}

/**
 * A page of as many bytes on the line as another: it shows one text and one button that answers, and does nothing
 * else. What is no code of it is noise, which does not pack.
 */
export async function startBarePage(bytes: PageBytes): Promise<{ readonly url: string; stop(): Promise<void> }> {
  const page = `<!doctype html><meta charset="utf-8"><link rel="stylesheet" href="/style.css">
    <main id="app"></main><script src="/script.js"></script>`;
  const script = `const button = document.createElement('button');
    button.className = 'button-filled'; button.textContent = 'Top up';
    button.onclick = () => { document.title = 'answered'; };
    document.querySelector('#app').append('Balance: 300 credits', button);`;
  const files: Readonly<Record<string, readonly [type: string, body: string]>> = {
    '/': ['text/html', padded(page, bytes.html, ['<!--', '-->'])],
    '/script.js': ['text/javascript', padded(script, bytes.script, ['/*', '*/'])],
    '/style.css': ['text/css', padded('body { margin: 16px }', bytes.style, ['/*', '*/'])],
  };
  const server = createServer((request, response) => {
    const [type, body] = files[request.url ?? ''] ?? ['text/plain', ''];
    response.writeHead(200, { 'content-type': type }).end(body);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}/`,
    stop: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

function padded(text: string, bytes: number, [open, close]: readonly [string, string]): string {
  const missing = Math.max(0, bytes - Buffer.byteLength(text) - open.length - close.length);
  const noise = randomBytes(missing).toString('base64url').slice(0, missing).replaceAll('-', '_');
  return `${text}${open}${noise}${close}`;
}
