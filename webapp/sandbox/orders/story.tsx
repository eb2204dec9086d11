import type { JSX } from 'preact';
import { exactClock } from '../formats.ts';
import { Icon } from '../parts/icons.tsx';
import { story } from '../state/orders.ts';
import type { Step } from '../state/types.ts';
import { t } from '../texts.ts';
import { amountsOf, causeOf, detailsOf } from './facts.ts';

/** The story of an order as `holdfast explain` tells it: each step with time, amounts and cause, the rest folded. */
export function StoryOf(): JSX.Element {
  const told = story.value;
  if (told === undefined) return <p class="story-wait">{t('reading')}</p>;
  return (
    <ol class="story" aria-label={t('ledger')}>
      {told.steps.map((step, at) => (
        <StepLine key={at} step={step} />
      ))}
    </ol>
  );
}

function StepLine({ step }: { step: Step }): JSX.Element {
  const amounts = amountsOf(step);
  const details = detailsOf({ ...step.facts, ...step.cause });
  return (
    <li class={amounts.length > 0 ? 'step with-money' : 'step'}>
      <details>
        <summary>
          <span class="step-head">
            <strong>{step.what}</strong>
            <time dateTime={step.at}>{exactClock(step.at)}</time>
            <Icon name="down" size={16} />
          </span>
          {amounts.map(({ label, text }, at) => (
            <span class="step-amount" key={at}>
              <span>{label}</span> <b>{text}</b>
            </span>
          ))}
          {step.cause !== null && <span class="step-cause">{causeOf(step.cause)}</span>}
        </summary>
        <dl class="step-details">
          {details.map(([name, value]) => (
            <div key={name}>
              <dt>{name}</dt>
              <dd>{value}</dd>
            </div>
          ))}
        </dl>
      </details>
    </li>
  );
}
