import type { ComponentChildren, JSX } from 'preact';
import { useState } from 'preact/hooks';
import { fileSize } from '../formats.ts';
import { Icon } from '../parts/icons.tsx';
import { fileAddress } from '../state/simulator.ts';
import type { FileFacts, Message, Sticker } from '../state/types.ts';
import { t } from '../texts.ts';
import { viewed } from './viewer.tsx';

/** The picture, video or file of one message. */
export function Media({ message }: { message: Message }): JSX.Element | null {
  const photo = message.photo?.at(-1);
  const video = message.video ?? message.animation;
  if (photo) return <Framed message={message}>{(hidden) => <Photo photo={photo} hidden={hidden} />}</Framed>;
  if (video) return <Framed message={message}>{() => <Video video={video} />}</Framed>;
  if (message.sticker) return <StickerPicture sticker={message.sticker} />;
  const sound = message.voice ?? message.audio;
  if (sound) return <audio class="sound" controls preload="metadata" src={fileAddress(sound.file_id)} />;
  return message.document ? <File file={message.document} /> : null;
}

/** Several pictures under one bubble. */
export function Album({ messages }: { messages: readonly Message[] }): JSX.Element {
  return (
    <div class={`album of-${Math.min(messages.length, 4)}`}>
      {messages.map((message) => (
        <Media key={message.message_id} message={message} />
      ))}
    </div>
  );
}

interface FramedProps {
  readonly message: Message;
  readonly children: (hidden: boolean) => ComponentChildren;
}

function Framed({ message, children }: FramedProps): JSX.Element {
  const [shown, show] = useState(message.has_media_spoiler !== true);
  return (
    <div class={shown ? 'media' : 'media veiled'}>
      {children(!shown)}
      {!shown && <button type="button" class="veil" aria-label={t('showSpoiler')} onClick={() => show(true)} />}
    </div>
  );
}

function Photo({ photo, hidden }: { photo: FileFacts; hidden: boolean }): JSX.Element {
  const [loaded, setLoaded] = useState(false);
  const address = fileAddress(photo.file_id);
  const { width = 1, height = 1 } = photo;
  return (
    <button type="button" class="photo" disabled={hidden} onClick={() => (viewed.value = address)}>
      <img
        src={address}
        alt={t('photo')}
        width={width}
        height={height}
        class={loaded ? 'loaded' : ''}
        onLoad={() => setLoaded(true)}
      />
    </button>
  );
}

/** A sticker by itself, or as what a gift looks like. */
export function StickerPicture({ sticker }: { sticker: Sticker }): JSX.Element {
  return <img class="sticker" src={fileAddress(sticker.file_id)} alt={sticker.emoji ?? t('sticker')} />;
}

function Video({ video }: { video: FileFacts }): JSX.Element {
  return <video class="video" controls playsInline preload="metadata" src={fileAddress(video.file_id)} />;
}

function File({ file }: { file: FileFacts }): JSX.Element {
  const name = file.file_name ?? t('document');
  return (
    <a class="file" href={fileAddress(file.file_id)} download={name}>
      <span class="file-icon">
        <Icon name="document" />
      </span>
      <span class="file-text">
        <strong>{name}</strong>
        <small>{[fileSize(file.file_size), file.mime_type].filter(Boolean).join(', ')}</small>
      </span>
    </a>
  );
}
