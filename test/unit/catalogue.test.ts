import assert from 'node:assert/strict';
import { describeProblem, parseCatalogue, readCatalogue } from '../../platform/catalogue.ts';
import { knownProviders } from '../../providers/names.ts';

const wrong = `version: 7
packs:
  - id: small
    title: Small
    price: { amount: '-5.00', asset: RUB }
    grants: { amount: '10' }
    providers: [magicpay]
  - { id: small, title: S, price: { amount: '1.001', asset: RUB }, grants: { amount: '1', asset: GOLD }, providers: [] }
models:
  - id: painter
    title: Painter
    kind: text-to-image
    provider: kie
    providerModel: painter
    price: { amount: 4, asset: CREDIT }
    promptCodePointsMax: 5000
    imagesMax: 2
    picturesMax: 3
    ratio: { field: ratio, default: '2:1', values: ['1:1'] }
    colour: red
`;

function problemsOf(text: string): string[] {
  const reading = parseCatalogue(text, knownProviders);
  return reading.ok ? [] : reading.problems.map(describeProblem);
}

describe('the catalogue file', () => {
  it('that comes with the project holds, and sells 100 credits for 500.00 roubles', async () => {
    const reading = await readCatalogue('catalogue.yaml', knownProviders);
    assert.ok(reading.ok);
    const pack = reading.catalogue.packs.find(({ id }) => id === 'credits-100');
    assert.deepEqual(pack?.price, { minor: 50_000n, asset: 'RUB' });
    assert.deepEqual(pack?.grants, { minor: 100n, asset: 'CREDIT' });
  });

  it('with many mistakes names them all at once, each with its line', () => {
    const problems = problemsOf(wrong).join('\n');
    for (const expected of [
      /^version \(line 1\): the version is text/m,
      /^packs\[0\]\.price\.amount \(line 5\): a price must be above zero, not -5\.00/m,
      /^packs\[0\]\.grants\.asset \(line 6\): is missing/m,
      /^packs\[0\]\.providers\[0\] \(line 7\): unknown provider 'magicpay'; known here: yookassa/m,
      /^packs\[1\]\.id \(line 8\): duplicate id 'small', first at packs\[0\]/m,
      /^packs\[1\]\.price\.amount \(line 8\): '1\.001' is no decimal amount of RUB/m,
      /^packs\[1\]\.grants\.asset \(line 8\): .*"RUB"/m,
      /^packs\[1\]\.providers \(line 8\)/m,
      /^models\[0\]\.price\.amount \(line 15\): write the amount as text/m,
      /^models\[0\]\.ratio\.default \(line 19\): '2:1' is not among the values/m,
      /^models\[0\].*colour/m,
    ]) {
      assert.match(problems, expected);
    }
  });

  it('whose models ask for what they do not name is refused', () => {
    const model = wrong.slice(wrong.indexOf('models:')).replace('amount: 4', "amount: '4'").replace("'2:1'", "'1:1'");
    const problems = problemsOf(`version: a\npacks: []\n${model.replace('    colour: red\n', '')}`);
    assert.deepEqual(problems, [
      'models[0].imageField (line 4): imagesMax needs an imageField',
      'models[0].countField (line 4): picturesMax needs a countField',
    ]);
  });

  it('whose price no provider takes, or nobody asks for, is refused', () => {
    const sold = "price: { amount: '5.00', asset: RUB }, grants: { amount: '1', asset: CREDIT }";
    const pack = (rest: string) => `version: a\npacks:\n  - { id: p, title: P, ${sold}, ${rest} }\nmodels: []\n`;
    assert.deepEqual(
      problemsOf(pack("prices: { stars: { amount: '3', asset: XTR } }, providers: [yookassa, stars]")),
      [],
    );
    assert.match(problemsOf(pack('providers: [stars]')).join(), /packs\[0\]\.prices .*stars takes XTR and no RUB/);
    const inRoubles = "prices: { stars: { amount: '3.00', asset: RUB } }, providers: [stars]";
    assert.match(problemsOf(pack(inRoubles)).join(), /stars takes XTR and no RUB/);
    const unasked = "prices: { stars: { amount: '3', asset: XTR } }, providers: [yookassa]";
    assert.match(problemsOf(pack(unasked)).join(), /'stars' does not sell this pack/);
    assert.match(
      problemsOf(pack("prices: { magicpay: { amount: '3', asset: XTR } }, providers: [yookassa]")).join(),
      /prices/,
    );
  });

  it('that says a key twice or is no YAML is refused with the line', () => {
    assert.match(problemsOf('version: a\nversion: b\n').join(), /line 2.*unique/);
    assert.match(problemsOf('packs: [').join(), /line 1/);
  });

  it('that is not there is a problem and not a crash', async () => {
    const reading = await readCatalogue('no-such-file.yaml', knownProviders);
    assert.ok(!reading.ok && /no such file/.test(reading.problems[0]?.message ?? ''));
  });
});
