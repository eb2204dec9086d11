import { actOf } from '../core/access.ts';
import { z } from 'zod';
import { type ErrorCode, errorFacts } from '../core/errors.ts';
import { problem } from '../core/http/common.ts';
import type { Contract } from '../core/http/contract.ts';
import { contracts } from '../core/http/index.ts';
import { shortOfFunds } from '../core/http/shop.ts';
import { limits } from '../core/limits.ts';
import { liveCloseCodes, liveProtocol } from '../core/live.ts';

interface DocumentOptions {
  readonly publicUrl: string;
  readonly version: string;
}

type Json = Record<string, unknown>;

/** What any call may be refused with, whatever it asks for. */
const everywhere: readonly ErrorCode[] = [
  'invalid_request',
  'rate_limited',
  'internal_error',
  'temporarily_unavailable',
];
const forBodies: readonly ErrorCode[] = [
  'malformed_json',
  'request_timeout',
  'body_too_large',
  'unsupported_media_type',
];
const forPeople: readonly ErrorCode[] = ['token_required', 'token_invalid', 'token_expired', 'banned'];
const forOperators: readonly ErrorCode[] = ['not_found', 'role_not_enough'];
const forKeys: readonly ErrorCode[] = ['idempotency_key_required', 'key_conflict'];

/** The OpenAPI 3.1 document, made from the contracts that the server itself runs on. */
export function describeApi({ publicUrl, version }: DocumentOptions): Json {
  const paths: Record<string, Json> = {};
  for (const contract of contracts) {
    const path = contract.path.replace(/:(\w+)/g, '{$1}');
    paths[path] = { ...paths[path], [contract.method]: describeCall(contract) };
  }
  return {
    openapi: '3.1.0',
    info: {
      title: 'Holdfast',
      version,
      description:
        'Amounts are text in minor units with their asset; times are RFC 3339 UTC. ' +
        'Errors are problem+json with a stable `code`. ' +
        liveUpdates,
    },
    servers: [{ url: `${publicUrl}/api/v1` }],
    paths,
    components: {
      schemas: { Problem: schemaOf(problem, 'output') },
      securitySchemes: { bearer: { type: 'http', scheme: 'bearer', bearerFormat: 'JWT' } },
    },
  };
}

/** OpenAPI has no words for a WebSocket. */
const liveUpdates =
  'Live updates: a WebSocket at `/ws` of the host, the access token offered as subprotocol `token.<jwt>` beside ' +
  `\`${liveProtocol}\`. Messages are \`{ seq, type, data }\`: a \`snapshot\` first, then every fact of the ` +
  'person\'s own under the next number; `{ "type": "resume", "seq": n }` goes on after fact n. Closing codes: ' +
  `${Object.entries(liveCloseCodes)
    .map(([reason, code]) => `${code} ${reason}`)
    .join(', ')}.`;

function describeCall(contract: Contract): Json {
  return {
    operationId: contract.name,
    summary: contract.summary,
    tags: [contract.tag],
    security: contract.access === 'public' ? [] : [{ bearer: [] }],
    parameters: [
      ...parametersOf(contract.params, 'path'),
      ...parametersOf(contract.query, 'query'),
      ...(contract.keyed ? [keyParameter] : []),
    ],
    ...(contract.takes === 'nothing' ? {} : { requestBody: bodyOf(contract) }),
    responses: { ...successOf(contract), ...refusalsOf(contract) },
  };
}

const keyParameter = {
  name: 'Idempotency-Key',
  in: 'header',
  required: true,
  description: 'A UUID made by the client; it becomes the id of what is created.',
  schema: { type: 'string', format: 'uuid' },
};

const replayedHeader = {
  'Idempotency-Replayed': {
    description: 'true when the key was used before for the same request',
    schema: { type: 'string' },
  },
};

function parametersOf(schema: z.ZodType, where: 'path' | 'query'): Json[] {
  const { properties = {}, required = [] } = schemaOf(schema, 'input') as {
    properties?: Record<string, Json>;
    required?: readonly string[];
  };
  return Object.entries(properties).map(([name, property]) => ({
    name,
    in: where,
    required: where === 'path' || required.includes(name),
    schema: property,
  }));
}

function bodyOf(contract: Contract): Json {
  if (contract.takes === 'json') {
    return { required: true, content: { 'application/json': { schema: schemaOf(contract.body, 'input') } } };
  }
  const file = { type: 'string', format: 'binary', description: `At most ${limits.imageBytesMax} bytes.` };
  const schema = { type: 'object', properties: { file }, required: ['file'] };
  return { required: true, content: { 'multipart/form-data': { schema } } };
}

function successOf(contract: Contract): Json {
  const content = { 'application/json': { schema: schemaOf(contract.answer, 'output') } };
  const headers = contract.keyed ? { headers: replayedHeader } : {};
  return { [contract.status]: { description: contract.summary, content, ...headers } };
}

function refusalsOf(contract: Contract): Record<string, Json> {
  const codes = [
    ...everywhere,
    ...(contract.takes === 'nothing' ? [] : forBodies),
    ...(contract.access === 'public' ? [] : forPeople),
    ...(contract.keyed ? forKeys : []),
    ...(actOf(contract.access) === null ? [] : forOperators),
    ...contract.errors,
  ];
  const byStatus = Map.groupBy(codes, (code) => errorFacts(code).status);
  const entries = [...byStatus].map(([status, found]): [string, Json] => [
    String(status),
    {
      description: found.map((code) => `\`${code}\`: ${errorFacts(code).title}`).join('. '),
      content: { 'application/problem+json': { schema: problemSchema(status) } },
    },
  ]);
  return Object.fromEntries(entries);
}

/** A 402 says besides what was needed and what is there. */
function problemSchema(status: number): Json {
  const base = { $ref: '#/components/schemas/Problem' };
  return status === errorFacts('insufficient_funds').status
    ? { allOf: [base, schemaOf(shortOfFunds, 'output')] }
    : base;
}

/** JSON Schema of a schema, everything in its place: named parts are repeated rather than referred to. */
function schemaOf(schema: z.ZodType, io: 'input' | 'output'): Json {
  const { $schema: _dialect, ...rest } = z.toJSONSchema(schema, { io, unrepresentable: 'any', reused: 'inline' });
  return inline(rest, rest['$defs'] ?? {}) as Json;
}

/** zod moves schemas with an id into `$defs`, where an OpenAPI document does not look. */
function inline(part: unknown, definitions: Readonly<Record<string, Json>>): unknown {
  if (Array.isArray(part)) return part.map((item) => inline(item, definitions));
  if (typeof part !== 'object' || part === null) return part;
  const { $ref, $defs: _definitions, id: _id, ...rest } = part as Json;
  const name = typeof $ref === 'string' ? $ref.replace('#/$defs/', '') : '';
  const referred = definitions[name];
  if (referred !== undefined) return inline(referred, definitions);
  return Object.fromEntries(Object.entries(rest).map(([key, value]) => [key, inline(value, definitions)]));
}
