import { useRef, useState } from 'preact/hooks';
import type { Generation } from '../../api/types.ts';
import { Icon, type IconName } from '../../components/icon.tsx';
import { Picture } from '../../components/picture.tsx';
import { toast } from '../../components/toast.tsx';
import { facts } from '../../facts.ts';
import { host } from '../../host/host.ts';
import { t } from '../../texts.ts';

interface ResultPicturesProps {
  readonly generation: Generation;
  readonly shape: string;
  /** The address of a picture has expired: a fresh one is needed. */
  readonly onExpired: () => void;
}

/** The pictures edge to edge, and what can be done with the one in sight. */
export function ResultPictures({ generation, shape, onExpired }: ResultPicturesProps) {
  const { resultUrls: urls, prompt } = generation;
  const [index, setIndex] = useState(0);
  const hasAsked = useRef(false);
  const url = urls[Math.min(index, urls.length - 1)];
  if (url === undefined) return null;
  const name = `holdfast-${generation.id.slice(0, 8)}-${index + 1}.${url.split('.').at(-1) ?? 'png'}`;
  return (
    <>
      <div
        class="gallery"
        tabIndex={urls.length > 1 ? 0 : -1}
        onScroll={(event) => {
          const { scrollLeft, clientWidth } = event.currentTarget;
          setIndex(Math.round(scrollLeft / Math.max(1, clientWidth)));
        }}
      >
        {urls.map((one, at) => (
          <Picture
            key={one}
            src={one}
            alt={`${t('picture-of', { prompt: prompt.slice(0, 120) })}${urls.length > 1 ? `, ${at + 1}` : ''}`}
            ratio={shape}
            onError={() => {
              // Once: a picture that is gone for good would be asked for without end.
              if (!hasAsked.current) onExpired();
              hasAsked.current = true;
            }}
          />
        ))}
      </div>
      {urls.length > 1 && (
        <p class="gallery-place" role="status">
          {t('picture-number', { number: index + 1, count: urls.length })}
        </p>
      )}
      <div class="result-actions">
        <Act icon="save" text={t('save')} onPress={() => void save(url, name)} />
        <Act icon="share" text={t('share')} onPress={() => void share(url, name)} />
      </div>
    </>
  );
}

function Act({
  icon,
  text,
  onPress,
}: {
  readonly icon: IconName;
  readonly text: string;
  readonly onPress: () => void;
}) {
  return (
    <button type="button" class="result-action" onClick={onPress}>
      <Icon name={icon} />
      {text}
    </button>
  );
}

async function save(url: string, name: string): Promise<void> {
  if (host.value?.downloadFile(url, name) === true) return;
  const file = await fetchFile(url, name);
  if (file === null) return toast(t('error-picture'));
  const link = document.createElement('a');
  link.href = URL.createObjectURL(file);
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 10_000);
  toast(t('saved'));
}

/** The picture itself where the system can take it, else a link by Telegram. */
async function share(url: string, name: string): Promise<void> {
  const file = await fetchFile(url, name);
  if (file !== null && navigator.canShare?.({ files: [file] }) && (await shareFile(file))) return;
  const about = facts.botUsername === null ? '' : `&text=${encodeURIComponent(`@${facts.botUsername}`)}`;
  host.value?.openTelegramLink(`https://t.me/share/url?url=${encodeURIComponent(url)}${about}`);
}

/** False when the system did not open its sheet: the press may lie too far back, or the frame is not let. */
async function shareFile(file: File): Promise<boolean> {
  try {
    await navigator.share({ files: [file] });
    return true;
  } catch (error) {
    // Closing the sheet rejects as well, and is no fault.
    return error instanceof DOMException && error.name === 'AbortError';
  }
}

async function fetchFile(url: string, name: string): Promise<File | null> {
  try {
    const response = await fetch(url);
    if (!response.ok) return null;
    const blob = await response.blob();
    return new File([blob], name, { type: blob.type });
  } catch (error) {
    console.warn('the picture could not be fetched', error);
    return null;
  }
}
