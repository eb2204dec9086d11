import type { JSX } from 'preact';
import { useEffect, useLayoutEffect, useRef, useState } from 'preact/hooks';
import { day } from '../formats.ts';
import { OrderLinks } from '../orders/links.tsx';
import { Icon } from '../parts/icons.tsx';
import type { Chat, Message } from '../state/types.ts';
import { t } from '../texts.ts';
import { Bubble } from './bubble.tsx';
import { GiftCard } from './gift-card.tsx';
import { serviceText } from './summary.ts';

type Item =
  | { readonly kind: 'day'; readonly key: string; readonly text: string }
  | { readonly kind: 'pill'; readonly key: string; readonly text: string; readonly message: Message }
  | {
      readonly kind: 'bubble';
      readonly key: string;
      readonly messages: [Message, ...Message[]];
      readonly own: boolean;
    };

/** Messages in order: days between them, albums together, service messages as pills. */
function itemsOf({ bot, messages }: Chat): Item[] {
  const items: Item[] = [];
  let lastDay = '';
  for (const message of messages) {
    if (message._sim?.deleted === true) continue;
    const today = day(message.date);
    if (today !== lastDay) items.push({ kind: 'day', key: `day-${today}`, text: today });
    lastDay = today;
    const key = String(message.message_id);
    const service = serviceText(message, bot.firstName);
    const previous = items.at(-1);
    const group = message.media_group_id;
    if (service !== undefined) items.push({ kind: 'pill', key, text: service, message });
    else if (group !== undefined && previous?.kind === 'bubble' && previous.messages[0].media_group_id === group) {
      previous.messages.push(message);
    } else items.push({ kind: 'bubble', key, messages: [message], own: message.from?.is_bot === false });
  }
  return items;
}

const nearBottomPx = 160;
/** How long the day stays over the messages once they rest. */
const dayShownMs = 1_200;

/** The log of a chat. It stays at its end, unless the person has scrolled up. */
export function MessageList({ chat }: { chat: Chat }): JSX.Element {
  const list = useRef<HTMLDivElement>(null);
  const [atEnd, setAtEnd] = useState(true);
  const toEnd = (behavior: ScrollBehavior): void =>
    list.current?.scrollTo({ top: list.current.scrollHeight, behavior });
  useLayoutEffect(() => {
    if (atEnd) toEnd('instant');
  }, [chat]);
  useEffect(() => {
    const { current } = list;
    const sizes = new ResizeObserver(() => atEnd && toEnd('instant'));
    if (current?.firstElementChild) sizes.observe(current.firstElementChild);
    if (current) sizes.observe(current);
    return () => sizes.disconnect();
  }, [atEnd]);
  const [scrolling, setScrolling] = useState(false);
  const rest = useRef<ReturnType<typeof setTimeout>>(undefined);
  useEffect(() => () => clearTimeout(rest.current), []);
  const look = (): void => {
    setScrolling(true);
    clearTimeout(rest.current);
    rest.current = setTimeout(() => setScrolling(false), dayShownMs);
    const { current } = list;
    if (current) setAtEnd(current.scrollHeight - current.scrollTop - current.clientHeight < nearBottomPx);
  };
  const items = itemsOf(chat);
  return (
    <>
      <div
        class={scrolling ? 'messages scrolling' : 'messages'}
        ref={list}
        onScroll={look}
        role="log"
        aria-label={t('chatOf', { bot: chat.bot.firstName })}
        tabIndex={0}
      >
        <div class="messages-inner">
          {items.map((item, at) => (item.kind === 'bubble' ? bubble(item, items[at + 1]) : pill(item)))}
        </div>
      </div>
      {!atEnd && (
        <button type="button" class="to-end" aria-label="↓" onClick={() => toEnd('smooth')}>
          <Icon name="down" />
        </button>
      )}
    </>
  );
}

function bubble(item: Item & { kind: 'bubble' }, next: Item | undefined): JSX.Element {
  const last = next?.kind !== 'bubble' || next.own !== item.own;
  return <Bubble key={item.key} messages={item.messages} own={item.own} last={last} />;
}

function pill(item: Item & { kind: 'day' | 'pill' }): JSX.Element {
  return (
    <div class={`pill ${item.kind}`} key={item.key}>
      <span class="pill-text">{item.text}</span>
      {item.kind === 'pill' && <OrderLinks message={item.message} />}
      {item.kind === 'pill' && item.message.gift && (
        <GiftCard gift={item.message.gift} from={item.message.from?.first_name ?? ''} />
      )}
    </div>
  );
}
