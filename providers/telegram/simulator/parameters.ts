import { badRequest } from './errors.ts';

/** A file that came with a request. */
export interface Upload {
  readonly fileName: string;
  readonly mime: string;
  readonly bytes: Buffer;
}

/**
 * The arguments of one call. They come as text from a query or a form and as JSON values from a JSON body, and mean
 * the same; an empty text is an absent one.
 */
export interface Parameters {
  text(name: string): string | undefined;
  integer(name: string): number | undefined;
  /** `true`, `1`, `yes`, `t` and `y` are true; whatever else is false. */
  boolean(name: string): boolean;
  has(name: string): boolean;
  /** An object or an array; `what` is its name in the error's text. */
  json(name: string, what?: string): unknown;
  /** A file that was sent under this name. */
  upload(name: string): Upload | undefined;
}

/** Reads arguments as the server does. */
export function createParameters(
  fields: ReadonlyMap<string, unknown>,
  uploads: ReadonlyMap<string, Upload>,
): Parameters {
  const text = (name: string): string | undefined => {
    const value = fields.get(name);
    if (value === undefined || value === null) return undefined;
    return typeof value === 'string' ? value : JSON.stringify(value);
  };
  return {
    text,
    integer(name) {
      const value = text(name);
      if (value === undefined || value === '') return undefined;
      return /^-?\d{1,16}$/.test(value) ? Number(value) : 0;
    },
    boolean: (name) => ['true', '1', 'yes', 't', 'y'].includes((text(name) ?? '').trim().toLowerCase()),
    has: (name) => (text(name) ?? '') !== '' || uploads.has(name),
    json(name, what = name.replaceAll('_', ' ')) {
      const value = fields.get(name);
      if (value === undefined || value === null || value === '') return undefined;
      return typeof value === 'string' ? parseJson(value, what) : value;
    },
    upload: (name) => uploads.get(name),
  };
}

function parseJson(text: string, what: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw badRequest(`can't parse ${what} JSON object`);
  }
}
