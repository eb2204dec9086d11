import type { Router } from '@koa/router';
import { send } from '@koa/send';
import { absolutePath } from 'swagger-ui-dist';
import type { ApiContext, ApiState } from '../context.ts';
import { Problem } from '../problem.ts';

const files = new Set(['swagger-ui.css', 'swagger-ui-bundle.js', 'favicon-32x32.png']);

const page = `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Holdfast API</title>
<link rel="stylesheet" href="/docs/swagger-ui.css">
<link rel="icon" href="/docs/favicon-32x32.png">
</head>
<body>
<div id="api"></div>
<script src="/docs/swagger-ui-bundle.js"></script>
<script src="/docs/start.js"></script>
</body>
</html>
`;

const script = `SwaggerUIBundle({ url: '/openapi.json', dom_id: '#api', deepLinking: true, validatorUrl: null });
`;

/** The page's own scripts and calls, and the pictures that its style sheet holds; nothing from elsewhere. */
const policy = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self' 'unsafe-inline'",
  "img-src 'self' data:",
  "connect-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join('; ');

/** `/openapi.json`, and `/docs` to read it with; both from our own origin. */
export function addDocsRoutes(router: Router<ApiState>, document: Readonly<Record<string, unknown>>): void {
  const text = JSON.stringify(document);
  router.get('/openapi.json', (context) => {
    const ctx = context as unknown as ApiContext;
    ctx.state.route = '/openapi.json';
    ctx.type = 'application/json';
    ctx.body = text;
  });
  router.get('/docs', (context) => {
    const ctx = context as unknown as ApiContext;
    ctx.state.route = '/docs';
    ctx.set('content-security-policy', policy);
    ctx.type = 'text/html; charset=utf-8';
    ctx.body = page;
  });
  router.get('/docs/:file', async (context) => {
    const ctx = context as unknown as ApiContext & { params: { file: string } };
    ctx.state.route = '/docs/:file';
    const { file } = ctx.params;
    if (file === 'start.js') {
      ctx.type = 'text/javascript';
      ctx.body = script;
      return;
    }
    if (!files.has(file)) throw new Problem('not_found');
    await send(ctx, file, { root: absolutePath(), maxAge: 3_600_000 });
  });
}
