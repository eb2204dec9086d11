import { useState } from 'preact/hooks';
import { t } from '../texts.ts';
import { Icon } from './icon.tsx';

interface PictureProps {
  readonly src: string;
  readonly alt: string;
  /** Width to height as CSS writes it, such as `16 / 9`: the place is kept before the picture is there. */
  readonly ratio?: string;
  readonly onError?: () => void;
}

/** A picture with its place kept, which fades in and says when it cannot be shown. */
export function Picture({ src, alt, ratio, onError }: PictureProps) {
  const [state, setState] = useState<'loading' | 'shown' | 'failed'>('loading');
  return (
    <span class={`picture picture-${state}`} style={ratio === undefined ? {} : { aspectRatio: ratio }}>
      {state === 'failed' ? (
        <span class="picture-failed">
          <Icon name="picture" />
          <span>{t('error-picture')}</span>
        </span>
      ) : (
        <img
          src={src}
          alt={alt}
          decoding="async"
          onLoad={() => setState('shown')}
          onError={() => {
            setState('failed');
            onError?.();
          }}
        />
      )}
    </span>
  );
}
