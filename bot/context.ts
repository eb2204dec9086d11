import { type Composer, Context } from 'telegraf';
import type { User } from '../db/users.ts';
import type { TapArguments, TapName } from './callback-data.ts';
import type { Chat } from './chat.ts';
import type { Incoming } from './incoming.ts';
import type { Words } from './words.ts';

/** What handlers of one update work with: who it is, what they did, how they are spoken to, and their chat. */
export class BotContext extends Context {
  /** Set by the middleware before any handler runs. */
  declare person: User;
  declare words: Words;
  declare chatroom: Chat;
  declare incoming: Incoming;
  /** The update has been begun before, here or by a process that has ended. */
  declare isRepeat: boolean;
  /** Answers the tap with a short text, once; the first one counts. */
  declare toast: (text: string) => void;
}

type Answer = (ctx: BotContext) => Promise<void>;

/** Adds what answers a command; its aliases are the same command under other names. */
export function onCommand(composer: Composer<BotContext>, names: readonly string[], answer: CommandAnswer): void {
  composer.use(async (ctx, next) => {
    const { incoming } = ctx;
    if (incoming.kind !== 'command' || !names.includes(incoming.command)) return next();
    await answer(ctx, incoming.argument);
  });
}

type CommandAnswer = (ctx: BotContext, argument: string) => Promise<void>;

/** Adds what answers a button. */
export function onTap<Name extends TapName>(
  composer: Composer<BotContext>,
  name: Name,
  answer: (ctx: BotContext, ...parts: TapArguments<Name>) => Promise<void>,
): void {
  composer.use(async (ctx, next) => {
    const { incoming } = ctx;
    if (incoming.kind !== 'tap' || incoming.tap?.name !== name) return next();
    await answer(ctx, ...(incoming.tap.parts as TapArguments<Name>));
  });
}

/** Adds a screen that a command and a button both lead to. */
export function onCommandOrTap(
  composer: Composer<BotContext>,
  { command, tap }: { readonly command: string; readonly tap: TapName },
  answer: Answer,
): void {
  onCommand(composer, [command], (ctx) => answer(ctx));
  composer.use(async (ctx, next) => {
    if (ctx.incoming.kind !== 'tap' || ctx.incoming.tap?.name !== tap) return next();
    await answer(ctx);
  });
}
