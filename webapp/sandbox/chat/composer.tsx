import type { JSX } from 'preact';
import { useEffect, useRef, useState } from 'preact/hooks';
import { Icon } from '../parts/icons.tsx';
import { draft, sendCommand, sendContact, sendLocation, sendPhoto, sendText } from '../state/actions.ts';
import { attempt } from '../state/notices.ts';
import { openMenuApp } from '../state/phone.ts';
import type { BotFacts, Chat } from '../state/types.ts';
import { t } from '../texts.ts';
import { keyboardOpen } from './reply-keyboard.tsx';

type Open = 'commands' | 'attach' | undefined;

/** The line to write in, with the bot's menu button, attachments and the switch of the docked keyboard. */
export function Composer({ chat }: { chat: Chat }): JSX.Element {
  const [text, setText] = useState('');
  const [open, setOpen] = useState<Open>();
  const input = useRef<HTMLTextAreaElement>(null);
  useEffect(() => {
    if (draft.value === '') return;
    setText(draft.value);
    draft.value = '';
    input.current?.focus();
  }, [draft.value]);
  useEffect(() => fit(input.current), [text]);
  const send = (): void => {
    const words = text.trim();
    if (words === '') return;
    setText('');
    setOpen(undefined);
    attempt(async () => {
      try {
        await (words.startsWith('/') ? sendCommand(words) : sendText(words));
      } catch (error) {
        setText((now) => (now === '' ? words : now));
        throw error;
      }
    });
  };
  const onKey = (event: KeyboardEvent): void => {
    if (event.key === 'Escape') setOpen(undefined);
    if (event.key !== 'Enter' || event.shiftKey || event.isComposing) return;
    event.preventDefault();
    send();
  };
  const toggle = (what: Open) => () => setOpen(open === what ? undefined : what);
  const wanted = commandsFor(chat.bot, text, open === 'commands');
  const choose = (command: string): void => {
    setText('');
    setOpen(undefined);
    attempt(() => sendCommand(`/${command}`));
  };
  const placeholder = chat.replyKeyboard?.input_field_placeholder ?? t('message');
  return (
    <div class="composer">
      {wanted.length > 0 && <Commands commands={wanted} choose={choose} />}
      {open === 'attach' && <Attach text={text} done={() => setOpen(undefined)} sent={() => setText('')} />}
      <div class="composer-line">
        <MenuButton bot={chat.bot} open={open === 'commands'} toggle={toggle('commands')} />
        <textarea
          ref={input}
          rows={1}
          value={text}
          aria-label={t('message')}
          placeholder={placeholder}
          onInput={(event) => setText(event.currentTarget.value)}
          onKeyDown={onKey}
        />
        {chat.replyKeyboard && (
          <button
            type="button"
            aria-label={t('keyboard')}
            aria-pressed={keyboardOpen.value}
            onClick={() => (keyboardOpen.value = !keyboardOpen.value)}
          >
            <Icon name="keyboard" />
          </button>
        )}
        <button
          type="button"
          aria-label={t('attachLabel')}
          aria-expanded={open === 'attach'}
          onClick={toggle('attach')}
        >
          <Icon name="attach" />
        </button>
      </div>
      <button type="button" class="send" aria-label={t('send')} disabled={text.trim() === ''} onClick={send}>
        <Icon name="send" />
      </button>
    </div>
  );
}

const inputHeightMax = 160;

/** The line grows with its text. Height is set by script, since the policy allows no style attributes. */
function fit(input: HTMLTextAreaElement | null): void {
  if (input === null) return;
  input.style.height = 'auto';
  if (input.value === '') return;
  input.style.height = `${Math.min(input.scrollHeight, inputHeightMax)}px`;
}

function commandsFor(bot: BotFacts, text: string, asked: boolean): BotFacts['commands'] {
  const typed = /^\/(\w*)$/.exec(text)?.[1];
  if (typed !== undefined) return bot.commands.filter(({ command }) => command.startsWith(typed.toLowerCase()));
  return asked ? bot.commands : [];
}

interface CommandsProps {
  readonly commands: BotFacts['commands'];
  readonly choose: (command: string) => void;
}

function Commands({ commands, choose }: CommandsProps): JSX.Element {
  return (
    <ul class="commands" aria-label={t('commands')}>
      {commands.map(({ command, description }) => (
        <li key={command}>
          <button type="button" onClick={() => choose(command)}>
            <strong>/{command}</strong>
            <span>{description}</span>
          </button>
        </li>
      ))}
    </ul>
  );
}

function MenuButton({ bot, open, toggle }: { bot: BotFacts; open: boolean; toggle: () => void }): JSX.Element | null {
  if (bot.menuButton.type === 'web_app') {
    return (
      <>
        <button type="button" class="menu-app" onClick={() => attempt(openMenuApp)}>
          <Icon name="app" size={18} />
          <span>{bot.menuButton.text}</span>
        </button>
        {bot.commands.length > 0 && (
          <button type="button" aria-label={t('commands')} aria-expanded={open} onClick={toggle}>
            <Icon name="slash" />
          </button>
        )}
      </>
    );
  }
  if (bot.commands.length === 0) return null;
  return (
    <button type="button" class="menu-app" aria-expanded={open} onClick={toggle}>
      <Icon name={open ? 'close' : 'menu'} size={18} />
      <span>{t('menu')}</span>
    </button>
  );
}

interface AttachProps {
  readonly text: string;
  readonly done: () => void;
  readonly sent: () => void;
}

function Attach({ text, done, sent }: AttachProps): JSX.Element {
  const run = (act: () => Promise<unknown>): void => {
    done();
    attempt(act);
  };
  const take = (event: { currentTarget: HTMLInputElement }): void => {
    const files = [...(event.currentTarget.files ?? [])];
    run(async () => {
      for (const [at, file] of files.entries()) await sendPhoto(file, at === 0 ? text.trim() : '');
      sent();
    });
  };
  return (
    <div class="menu attach-menu">
      <label>
        <Icon name="photo" size={20} /> {t('attachPhoto')}
        <input type="file" accept="image/*" multiple onChange={take} />
      </label>
      <button type="button" onClick={() => run(sendContact)}>
        <Icon name="contact" size={20} /> {t('attachContact')}
      </button>
      <button type="button" onClick={() => run(sendLocation)}>
        <Icon name="location" size={20} /> {t('attachLocation')}
      </button>
    </div>
  );
}
