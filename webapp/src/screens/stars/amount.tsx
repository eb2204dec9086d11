import type { ComponentChildren } from 'preact';
import type { Money, StarShelf } from '../../api/types.ts';
import { Tabs } from '../../components/choice.tsx';
import { Section } from '../../components/list.tsx';
import { TextField } from '../../components/text-field.tsx';
import { clock, money } from '../../formats.ts';
import { host } from '../../host/host.ts';
import { itemWords } from '../../star-words.ts';
import { t } from '../../texts.ts';
import { changeDraft, isInRange, quantityOf, starDraft } from './draft.ts';
import { useGuide } from './guide.ts';

/** Stars or Premium, and how much of it. `price`: what the chosen one costs, once it is known. */
export function Amount({ shelf, price }: { readonly shelf: StarShelf; readonly price: ComponentChildren }) {
  const { kind } = starDraft.value;
  return (
    <Section title={t('stars-what')}>
      {shelf.premiumMonths.length > 0 && (
        <Tabs
          label={t('stars-what')}
          value={kind}
          onChange={(value) => changeDraft({ kind: value })}
          options={[
            { value: 'stars', text: t('stars-kind-stars') },
            { value: 'premium', text: t('stars-kind-premium') },
          ]}
        />
      )}
      {kind === 'stars' ? <Stars shelf={shelf} price={price} /> : <Premium shelf={shelf} price={price} />}
    </Section>
  );
}

interface AmountProps {
  readonly shelf: StarShelf;
  readonly price: ComponentChildren;
}

function Stars({ shelf, price }: AmountProps) {
  const guide = useGuide();
  const draft = starDraft.value;
  const { preset, custom } = draft;
  const quantity = quantityOf(draft, shelf);
  const isCustom = preset === null || !shelf.presets.includes(preset);
  const isWrong = isCustom && custom.trim() !== '' && (quantity === null || !isInRange(quantity, shelf));
  return (
    <>
      <div class="list" role="radiogroup" aria-label={t('stars-kind-stars')}>
        {shelf.presets.map((amount) => (
          <AmountRow
            key={amount}
            text={itemWords({ kind: 'stars', quantity: amount })}
            isChosen={!isCustom && preset === amount}
            price={price}
            about={guide?.prices.find(({ quantity: of }) => of === amount)?.price}
            onChoose={() => changeDraft({ preset: amount, custom: '' })}
          />
        ))}
      </div>
      {guide !== null && <p class="section-note">{t('stars-guide-note', { time: clock(guide.asOf) })}</p>}
      <TextField
        label={t('stars-custom')}
        placeholder={t('stars-custom')}
        isNumber
        value={isCustom ? custom : ''}
        onInput={(value) => changeDraft({ preset: null, custom: value })}
        isWrong={isWrong}
        note={t('stars-range', { min: shelf.quantityMin, max: shelf.quantityMax })}
      />
    </>
  );
}

function Premium({ shelf, price }: AmountProps) {
  const { months } = starDraft.value;
  return (
    <div class="list" role="radiogroup" aria-label={t('stars-kind-premium')}>
      {shelf.premiumMonths.map((offered) => (
        <AmountRow
          key={offered}
          text={t('stars-months', { months: offered })}
          isChosen={months === offered}
          price={price}
          onChoose={() => changeDraft({ months: offered })}
        />
      ))}
    </div>
  );
}

interface AmountRowProps {
  readonly text: string;
  readonly isChosen: boolean;
  /** What the chosen one costs, once it is known. */
  readonly price: ComponentChildren;
  /** About what it costs, until it is. */
  readonly about?: Money | undefined;
  readonly onChoose: () => void;
}

function AmountRow({ text, isChosen, price, about, onChoose }: AmountRowProps) {
  const isKnown = isChosen && price !== '';
  return (
    <label class="cell pack">
      <input
        type="radio"
        name="star-amount"
        checked={isChosen}
        onChange={() => {
          host.value?.haptic('select');
          onChoose();
        }}
      />
      <span class="radio" />
      <span class="cell-words">
        <span class="cell-title">{text}</span>
      </span>
      {isKnown && <span class="cell-after strong">{price}</span>}
      {!isKnown && about !== undefined && (
        <span class="cell-after about">{t('stars-about', { price: money(about) })}</span>
      )}
    </label>
  );
}
