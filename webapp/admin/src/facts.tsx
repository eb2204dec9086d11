import { pairs, word } from './words.ts';

type Values = Readonly<Record<string, unknown>>;

/** Facts as a list of names and values; each entry of a list of facts, such as the payments of an order, on its own. */
export function Facts({ of }: { readonly of: Values }) {
  const lists = Object.entries(of).flatMap(([name, value]) => (isList(value) ? [{ name, entries: value }] : []));
  const plain = Object.fromEntries(Object.entries(of).filter(([, value]) => !isList(value)));
  return (
    <>
      <Pairs of={plain} />
      {lists.map(({ name, entries }) =>
        entries.map((entry, index) => (
          <section class="facts-part" key={`${name}-${index}`}>
            <h3>{entries.length === 1 ? word('fact', name) : `${word('fact', name)}: ${index + 1}`}</h3>
            <Pairs of={entry} />
          </section>
        )),
      )}
    </>
  );
}

function Pairs({ of }: { readonly of: Values }) {
  return (
    <dl class="facts">
      {pairs(of).map(([name, value]) => (
        <>
          <dt key={`${name}-name`}>{name}</dt>
          <dd key={name}>{value}</dd>
        </>
      ))}
    </dl>
  );
}

function isList(value: unknown): value is readonly Values[] {
  return Array.isArray(value) && value.every((entry) => typeof entry === 'object' && entry !== null);
}
