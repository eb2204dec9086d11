import type { ComponentChildren } from 'preact';
import { Icon, type IconName } from './icon.tsx';

export interface Step {
  readonly title: ComponentChildren;
  readonly text?: string;
  readonly state: 'done' | 'current' | 'ahead';
  readonly icon?: IconName;
  readonly tone?: 'ok' | 'held' | 'plain';
  readonly after?: ComponentChildren;
}

/** A vertical line of steps; the current one breathes. */
export function Steps({ steps }: { readonly steps: readonly Step[] }) {
  return (
    <ol class="steps">
      {steps.map((step, index) => (
        <li key={index} class={`step step-${step.state}`} aria-current={step.state === 'current' ? 'step' : undefined}>
          <span class={`step-mark step-mark-${step.tone ?? 'ok'}`}>
            {step.state === 'done' && <Icon name={step.icon ?? 'check'} size={16} />}
          </span>
          <span class="step-words">
            <span class="step-head">
              <span class="step-title">{step.title}</span>
              {step.after !== undefined && <span class="step-after">{step.after}</span>}
            </span>
            {step.text !== undefined && <span class="step-text">{step.text}</span>}
          </span>
        </li>
      ))}
    </ol>
  );
}
