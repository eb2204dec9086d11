/** The package brings no types of its own. */
declare module '@koa/cors' {
  import type { Context, Middleware } from 'koa';
  interface CorsOptions {
    readonly origin: (ctx: Context) => string;
    readonly allowMethods: readonly string[];
    readonly allowHeaders: readonly string[];
    readonly exposeHeaders: readonly string[];
    readonly maxAge: number;
  }
  function cors(options: CorsOptions): Middleware;
  export = cors;
}
