import type { JSX } from 'preact';
import { Amount } from '../parts/amount.tsx';
import type { Gift } from '../state/types.ts';
import { t } from '../texts.ts';
import { StickerPicture } from './media.tsx';
import { RichText } from './rich-text.tsx';

/** A gift below the pill that tells of it: what it looks like, whose it is, what was written and what it cost. */
export function GiftCard({ gift: { gift, text, entities }, from }: { gift: Gift; from: string }): JSX.Element {
  return (
    <span class="gift">
      <StickerPicture sticker={gift.sticker} />
      <strong>{t('giftFrom', { bot: from })}</strong>
      {text !== undefined && <RichText text={text} entities={entities} />}
      <span class="gift-price">
        <Amount currency="XTR" minor={gift.star_count} />
      </span>
    </span>
  );
}
