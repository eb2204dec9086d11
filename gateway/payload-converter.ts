import {
  BinaryPayloadConverter,
  CompositePayloadConverter,
  JsonPayloadConverter,
  type Payload,
  UndefinedPayloadConverter,
  ValueError,
} from '@temporalio/common';

/**
 * JSON that refuses what it would change: a bigint, a Date, a Map, a class instance, NaN and the like would come back
 * as something else, or as nothing. Amounts travel as strings of minor units.
 */
class StrictJsonPayloadConverter extends JsonPayloadConverter {
  override toPayload(value: unknown): Payload | undefined {
    const fault = findFault(value, '$');
    if (fault !== undefined) throw new ValueError(`does not survive JSON: ${fault}`);
    return super.toPayload(value);
  }
}

function findFault(value: unknown, path: string): string | undefined {
  switch (typeof value) {
    case 'string':
    case 'boolean':
      return undefined;
    case 'undefined':
      return path === '$' ? undefined : `${path} is undefined`;
    case 'number':
      return Number.isFinite(value) ? undefined : `${path} is ${value}`;
    case 'object':
      return value === null ? undefined : findFaultInside(value, path);
    default:
      return `${path} is a ${typeof value}`;
  }
}

function findFaultInside(value: object, path: string): string | undefined {
  if (Array.isArray(value)) {
    for (const [index, item] of value.entries()) {
      const fault = findFault(item, `${path}[${index}]`);
      if (fault !== undefined) return fault;
    }
    return undefined;
  }
  const prototype: unknown = Object.getPrototypeOf(value);
  // Objects of the workflow sandbox have another realm's prototype, whose own prototype is null.
  const isPlain = prototype === null || Object.getPrototypeOf(prototype) === null;
  if (!isPlain) return `${path} is an instance of ${value.constructor.name}`;
  for (const [key, item] of Object.entries(value)) {
    const fault = findFault(item, `${path}.${key}`);
    if (fault !== undefined) return fault;
  }
  return undefined;
}

export const payloadConverter = new CompositePayloadConverter(
  new UndefinedPayloadConverter(),
  new BinaryPayloadConverter(),
  new StrictJsonPayloadConverter(),
);
