const withOffset = /^(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d)(\.\d+)?([+-]\d\d:\d\d)$/;

/** A moment in RFC 3339 with an offset becomes the same one in `Z`, to its microsecond; any other text stays. */
export function inUtc(text: string): string {
  const [, seconds = '', fraction = '', offset = ''] = withOffset.exec(text) ?? [];
  if (offset === '') return text;
  if (offset === '+00:00') return `${seconds}${fraction}Z`;
  const moment = new Date(`${seconds}${offset}`);
  return Number.isNaN(moment.getTime()) ? text : `${moment.toISOString().slice(0, seconds.length)}${fraction}Z`;
}

/** The like for every moment within a value: PostgreSQL writes those in JSON with the offset of the session. */
function allInUtc(value: unknown): unknown {
  if (typeof value === 'string') return inUtc(value);
  if (Array.isArray(value)) return value.map(allInUtc);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([name, inner]) => [name, allInUtc(inner)]));
}

/** Facts that the database has made into a JSON object, with their moments in UTC. */
export function factsInUtc(facts: Readonly<Record<string, unknown>>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(facts).map(([name, value]) => [name, allInUtc(value)]));
}
