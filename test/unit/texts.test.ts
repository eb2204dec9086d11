import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Message, parse, type Resource, Visitor } from '@fluent/syntax';
import { generationFailureKey, topupFailureKey } from '../../bot/notices.ts';
import { starFailureKey, starOrderKey } from '../../bot/star-notices.ts';
import { decisionKey, paymentKey } from '../../bot/features/approval-screens.ts';
import { starRefusalKey } from '../../bot/features/star-screens.ts';
import { createWords } from '../../bot/words.ts';
import { everybody, commandKey } from '../../bot/commands.ts';
import {
  starDecisions,
  starPurchaseStatuses,
  type StarDecided,
  type StarPurchaseFailure,
} from '../../core/flows/star-purchase.ts';
import type { StarQuoteRefusal } from '../../core/flows/star-quote.ts';
import { starPaymentStates } from '../../core/flows/wallet.ts';
import { generationStatuses } from '../../core/flows/generation.ts';
import type { GenerationFailure } from '../../core/flows/generation.ts';
import type { TopupFailure } from '../../core/flows/topup.ts';
import { languages } from '../../core/languages.ts';
import { createTexts } from '../../platform/texts.ts';
import { repositoryFolder } from '../support/environment.ts';

const locales = join(repositoryFolder, 'locales');
const files = readdirSync(join(locales, 'en')).filter((name) => name.endsWith('.ftl'));
const read = (language: string, file: string): Resource =>
  parse(readFileSync(join(locales, language, file), 'utf8'), { withSpans: false });

/** The messages of a file, each with the variables that it needs. */
function messages(resource: Resource): Map<string, string> {
  const entries = resource.body.filter((entry): entry is Message => entry.type === 'Message');
  return new Map(entries.map((entry) => [entry.id.name, variables(entry)]));
}

function variables(entry: Message): string {
  const found = new Set<string>();
  class Names extends Visitor {
    override visitVariableReference(node: { id: { name: string } }): void {
      found.add(node.id.name);
    }
  }
  new Names().visit(entry);
  return [...found].sort().join(' ');
}

/** Every quoted text of the bot's code that looks like the key of a text, and those that are made out of a code. */
function keysInCode(): string[] {
  const folder = join(repositoryFolder, 'bot');
  const sources = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((name) => name.endsWith('.ts'));
  return sources.flatMap((name) => {
    const text = readFileSync(join(folder, name), 'utf8');
    return [...text.matchAll(/\b(?:html|plain)\(\s*'([a-z-]+)'/g)].map((match) => match[1] ?? '');
  });
}

/** Cases are opened in SQL, whose keys come first, and in activities, by objects; a top-up's go by its failure. */
function caseKindsInCode(): Set<string> {
  const source = (folder: string, ending: string): string[] =>
    readdirSync(join(repositoryFolder, folder), { recursive: true, encoding: 'utf8' })
      .filter((name) => name.endsWith(ending))
      .map((name) => readFileSync(join(repositoryFolder, folder, name), 'utf8'));
  const calls = (texts: string[], name: string, kind: RegExp): string[] =>
    texts
      .flatMap((text) => text.split(name).slice(1))
      .flatMap((call) => kind.exec(call.split(';')[0] ?? '')?.[1] ?? []);
  const inSql = calls([...source('db/flows', '.sql'), ...source('db', '.ts')], 'app.open_case(', /,\s*'([a-z_]+)',/);
  const inActivities = calls(source('activities', '.ts'), 'cases.open(', /kind: '([a-z_]+)'/);
  const flagged = Object.keys(topupFailures).filter((failure) => !unflagged.has(failure));
  return new Set([...inSql, ...inActivities, ...flagged]);
}

/** Failures that end a top-up, of which no person need know. */
const unflagged = new Set<string>(['provider_refused', 'payment_canceled', 'canceled_by_user', 'not_paid_in_time']);

const generationFailures: Readonly<Record<GenerationFailure, true>> = {
  insufficient_funds: true,
  provider_refused: true,
  prompt_refused: true,
  generation_failed: true,
  provider_unavailable: true,
  no_answer: true,
  result_unavailable: true,
  input_image_gone: true,
  canceled_by_user: true,
  outcome_unknown: true,
};
const topupFailures: Readonly<Record<TopupFailure, true>> = {
  provider_refused: true,
  payment_canceled: true,
  canceled_by_user: true,
  not_paid_in_time: true,
  amount_mismatch: true,
  wrong_shop: true,
  wrong_reference: true,
  test_payment_in_live_mode: true,
  held_by_provider: true,
  payment_returned: true,
  unresolved: true,
};

const starFailures: Readonly<Record<StarPurchaseFailure, true>> = {
  insufficient_funds: true,
  recipient_refused: true,
  price_moved: true,
  provider_refused: true,
  provider_unavailable: true,
  not_paid: true,
  not_delivered: true,
  canceled_by_user: true,
  outcome_unknown: true,
};
const starRefusals: Readonly<Record<StarQuoteRefusal, true>> = {
  recipient_not_found: true,
  recipient_not_user: true,
  recipient_refused: true,
  already_premium: true,
  provider_unavailable: true,
};
const starDecided: Readonly<Record<StarDecided | 'not_found', true>> = {
  applied: true,
  needs_second: true,
  already_decided: true,
  not_for_you: true,
  not_parked: true,
  not_possible: true,
  not_found: true,
};
const kebab = (code: string): string => code.replaceAll('_', '-');

describe('the texts', () => {
  for (const file of files) {
    it(`of ${file} have the same keys and variables in every language, and no mistakes`, () => {
      const expected = messages(read('en', file));
      for (const language of languages) {
        const resource = read(language, file);
        assert.deepEqual(
          resource.body.filter(({ type }) => type === 'Junk'),
          [],
          language,
        );
        assert.deepEqual([...messages(resource)].sort(), [...expected].sort(), language);
      }
    });
  }

  it('have every key that the bot asks for', () => {
    const texts = createTexts();
    const made = [
      ...(Object.keys(generationFailures) as GenerationFailure[]).map(generationFailureKey),
      ...(Object.keys(topupFailures) as TopupFailure[]).map(topupFailureKey),
      ...generationStatuses.filter((status) => status !== 'succeeded').map((s) => `order-${s.replaceAll('_', '-')}`),
      ...['paid', 'free', 'plan', 'promo'].map((bucket) => `bucket-${bucket}`),
      ...['capture', 'credit', 'transfer', 'reverse', 'expire'].map((kind) => `operation-${kind}`),
      ...['too-big', 'unreadable', 'quota', 'not-fetched', 'too-many', 'not-taken'].map((code) => `photo-${code}`),
      ...['canceled', 'already-submitted', 'already-finished', 'not-found', 'temporarily-unavailable'].map(
        (outcome) => `take-back-${outcome}`,
      ),
      ...['canceled', 'already-signed', 'already-finished', 'not-found', 'temporarily-unavailable'].map(
        (outcome) => `stars-stop-${outcome}`,
      ),
      ...(Object.keys(starFailures) as StarPurchaseFailure[]).map(starFailureKey),
      ...Object.keys(starRefusals).map(starRefusalKey),
      ...['stars', 'premium', 'fragment'].map((kind) => `stars-status-delivered-${kind}`),
      ...starPurchaseStatuses.filter((status) => status !== 'delivered').map(starOrderKey),
      ...['menu', 'menu-with-stars'],
      ...Object.keys(starDecided).map((outcome) => `approval-${kebab(outcome)}`),
      ...starDecisions.flatMap((decision) => [
        decisionKey(decision),
        `approval-ask-${kebab(decision)}`,
        `button-approval-${kebab(decision)}`,
      ]),
      ...starPaymentStates.map(paymentKey),
      ...[...everybody, 'approvals'].map(commandKey),
    ];
    const keys = [...new Set([...keysInCode(), ...made])];
    assert.ok(keys.length > 100, 'the keys of the code are found');
    for (const language of languages)
      assert.deepEqual(
        keys.filter((key) => !texts.has(language, key)),
        [],
        language,
      );
  });

  it('title every kind of case that the code can open, as the panel shows it', () => {
    const kinds = caseKindsInCode();
    for (const kind of ['star_purchase_unpaid', 'wallet_short', 'unreadable_payment']) assert.ok(kinds.has(kind), kind);
    for (const language of languages) {
      const titles = messages(read(language, 'panel.ftl'));
      const bare = [...kinds].filter((kind) => !titles.has(`panel-case-${kebab(kind)}`));
      assert.deepEqual(bare, [], language);
    }
  });

  it('say in the chat why a purchase waits, in words where there are any, with the details behind', () => {
    const words = createWords(createTexts());
    const reasons = readFileSync(join(repositoryFolder, 'workflows/star-purchase.ts'), 'utf8').matchAll(
      /reason: ['`](?:\$\{decision\} )?([a-z, ]+)/g,
    );
    const said = [...reasons].map(([, reason = '']) => reason);
    assert.ok(said.includes('paid, and not seen delivered'), said.join(' | '));
    const asked = said.flatMap((reason) =>
      reason.startsWith('could not') ? starDecisions.map((decision) => `${decision} ${reason}`) : [reason],
    );
    for (const language of languages) {
      const { cause } = words(language);
      for (const reason of asked) assert.notEqual(cause(reason), reason, `${reason} in ${language}`);
      assert.equal(cause('payment_live'), 'payment_live');
      assert.match(cause('seen delivered, and could not be charged: expired'), /.: expired$/);
    }
  });

  it('count in Russian as Russian does', () => {
    const text = createTexts().of('ru');
    const counted = [1, 2, 5, 11, 21, 22].map((count) => text('photos-kept', { count }));
    assert.deepEqual(counted, [
      '1 фотография для работы.',
      '2 фотографии для работы.',
      '5 фотографий для работы.',
      '11 фотографий для работы.',
      '21 фотография для работы.',
      '22 фотографии для работы.',
    ]);
  });

  it('carry no invisible marks around what is put in', () => {
    assert.equal(createTexts().of('en')('button-pay', { price: '₽500' }), 'Pay ₽500');
  });
});
