import type { Model } from '../../api/types.ts';
import { money } from '../../formats.ts';
import { host } from '../../host/host.ts';
import { shop } from '../../state/shop.ts';
import { t } from '../../texts.ts';
import { chooseModel } from './draft.ts';

interface ModelCardsProps {
  readonly models: readonly Model[];
  readonly value: string;
}

/** Models side by side, each with a picture of its own making. */
export function ModelCards({ models, value }: ModelCardsProps) {
  return (
    <div class="carousel" role="radiogroup" aria-label={t('model')}>
      {models.map((model) => (
        <label key={model.id} class="model">
          <input
            type="radio"
            name="model"
            checked={model.id === value}
            onChange={(event) => {
              host.value?.haptic('select');
              chooseModel(shop.value?.catalogue.models ?? [], model.id);
              event.currentTarget.closest('.model')?.scrollIntoView({ inline: 'center', block: 'nearest' });
            }}
          />
          <span class="model-card">
            <span class="model-picture">
              <img
                src={`/app/samples/${model.id}.webp`}
                alt=""
                loading="lazy"
                decoding="async"
                width="132"
                height="132"
              />
            </span>
            <span class="model-title">{model.title}</span>
            <span class="model-price">{money(model.price)}</span>
          </span>
        </label>
      ))}
    </div>
  );
}
