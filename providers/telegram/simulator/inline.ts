import { randomBytes } from 'node:crypto';
import type { Clock } from '../../simulator-jobs.ts';
import type { Acts } from './acts.ts';
import type { BotSelf } from './bot-self.ts';
import { newId, queryTooOld } from './callbacks.ts';
import { badRequest } from './errors.ts';
import type { GroupActs } from './group-acts.ts';
import { contentOf, type InlineResult, readResults } from './inline-results.ts';
import type { InputFiles } from './input-files.ts';
import type { Methods } from './method.ts';
import type { Collections, Group, MessageObject, Person } from './model.ts';
import type { Parameters } from './parameters.ts';
import type { People } from './people.ts';
import type { Updates } from './updates.ts';

/** What the bot has answered to what a person typed after its name. */
export interface InlineAnswer {
  readonly queryId: string;
  readonly answered: boolean;
  readonly results?: readonly unknown[];
  readonly nextOffset?: string;
  readonly isPersonal?: boolean;
  readonly button?: unknown;
}

export interface InlineMode {
  readonly methods: Methods;
  /** A person types in a chat; waits for the bot's answer no longer than so many milliseconds. */
  ask(person: Person, typed: Typed, waitMs: number): Promise<InlineAnswer>;
  /** A person sends one of the results; undefined when there is none such. */
  choose(person: Person, choice: Choice): Promise<MessageObject | undefined>;
  close(): void;
}

interface Typed {
  readonly query: string;
  readonly offset: string;
  /** Where it is typed; in the own chat with the bot without it. */
  readonly group?: Group;
}

interface Choice {
  readonly queryId: string;
  readonly resultId: string;
}

interface InlineDeps {
  readonly collections: Collections;
  readonly people: People;
  readonly acts: Acts;
  readonly groupActs: GroupActs;
  readonly updates: Updates;
  readonly inputs: InputFiles;
  readonly self: BotSelf;
  readonly clock: Clock;
}

interface Open extends Typed {
  readonly telegramId: number;
  readonly untilMs: number;
  results?: readonly InlineResult[];
  answer(answer: InlineAnswer): void;
}

/** How long a query can be answered. */
const answerableMs = 30_000;
const queryMax = 256;
const offsetBytesMax = 64;

/** Inline mode: queries, their answers and what is sent of them. Open queries are in memory only. */
export function createInlineMode(deps: InlineDeps): InlineMode {
  const { people, updates, clock } = deps;
  const open = new Map<string, Open>();

  return {
    ask(person, typed, waitMs) {
      const { promise, resolve } = Promise.withResolvers<InlineAnswer>();
      const id = newId();
      const timer = setTimeout(() => resolve({ queryId: id, answered: false }), waitMs);
      const answer = (given: InlineAnswer) => {
        clearTimeout(timer);
        resolve(given);
      };
      open.set(id, { ...typed, telegramId: person.telegramId, untilMs: clock.nowMs() + answerableMs, answer });
      const query = {
        id,
        from: people.asUser(person),
        chat_type: typed.group?.type ?? 'sender',
        query: typed.query.slice(0, queryMax),
        offset: typed.offset,
      };
      updates.add('inline_query', query, `user:${person.telegramId}`);
      return promise;
    },
    async choose(person, { queryId, resultId }) {
      const asked = open.get(queryId);
      const result = asked?.results?.find(({ id }) => id === resultId);
      if (!asked || !result || asked.telegramId !== person.telegramId) return undefined;
      return send(deps, person, { asked, result });
    },
    methods: {
      answerInlineQuery({ parameters }) {
        const id = parameters.text('inline_query_id') ?? '';
        const results = readResults(parameters.json('results', 'inline query results'));
        const nextOffset = parameters.text('next_offset') ?? '';
        if (Buffer.byteLength(nextOffset) > offsetBytesMax) throw badRequest('NEXT_OFFSET_INVALID');
        const button = readButton(parameters);
        const asked = open.get(id);
        if (!asked || asked.results || asked.untilMs < clock.nowMs()) throw badRequest(queryTooOld);
        asked.results = results;
        asked.answer({
          queryId: id,
          answered: true,
          results: results.map(({ given }) => given),
          nextOffset,
          isPersonal: parameters.boolean('is_personal'),
          ...(button ? { button } : {}),
        });
        return true;
      },
    },
    close() {
      for (const [queryId, asked] of open) asked.answer({ queryId, answered: false });
      open.clear();
    },
  };
}

/** The result becomes the person's message by way of the bot; one with buttons can be edited under an id of its own. */
async function send(deps: InlineDeps, person: Person, { asked, result }: { asked: Open; result: InlineResult }) {
  const { collections, people, acts, groupActs, updates, self } = deps;
  const content = { ...(await contentOf(result, deps.inputs)), via_bot: self.asUser() };
  const message = asked.group ? groupActs.say(asked.group, person, content) : acts.say(person, content);
  const inlineId = message.reply_markup ? randomBytes(20).toString('base64url') : undefined;
  if (inlineId !== undefined) {
    collections.inlineMessages.put(inlineId, { chatId: message.chat.id, messageId: message.message_id });
  }
  const chosen = {
    from: people.asUser(person),
    ...(inlineId === undefined ? {} : { inline_message_id: inlineId }),
    query: asked.query,
    result_id: result.id,
  };
  updates.add('chosen_inline_result', chosen, `user:${person.telegramId}`);
  return message;
}

function readButton(parameters: Parameters): unknown {
  const button = parameters.json('button', 'inline query results button') as Record<string, unknown> | undefined;
  if (button === undefined) return undefined;
  const { text, web_app: app, start_parameter: start } = button;
  if (typeof text !== 'string') throw badRequest(`can't parse inline query results button: Can't find field "text"`);
  if (app === undefined && (typeof start !== 'string' || !/^[\w-]{1,64}$/.test(start))) {
    throw badRequest('START_PARAM_INVALID');
  }
  return button;
}
