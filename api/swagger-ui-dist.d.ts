/** The package brings no types of its own. */
declare module 'swagger-ui-dist' {
  /** The folder of the page's files. */
  export function absolutePath(): string;
}
