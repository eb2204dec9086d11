import type { ApiError } from '../api/result.ts';
import { money } from '../formats.ts';
import { hasText, t } from '../texts.ts';
import { Button } from './button.tsx';
import { Placeholder } from './placeholder.tsx';

/** An error in plain words: what happened, whether money moved. `isOrder`: something that costs was asked for. */
export function describeError(error: ApiError, isOrder = false): { title: string; text: string } {
  const key = keyOf(error, isOrder);
  const amount = (name: string): string => {
    const minor = error.extra[name];
    const asset = error.extra['asset'] === 'TON' ? 'TON' : 'CREDIT';
    return typeof minor === 'string' ? money({ amountMinor: minor, asset }) : '';
  };
  const variables = {
    request: error.requestId?.slice(0, 8) ?? '—',
    required: amount('requiredMinor'),
    available: amount('availableMinor'),
  };
  return { title: t(key, variables), text: t(`${key}-text`, variables) };
}

function keyOf({ code, status, extra }: ApiError, isOrder: boolean): string {
  const isUnsure = code === 'offline' || status >= 500;
  if (isOrder && isUnsure) return 'error-order-unsure';
  if (code === 'insufficient_funds' && extra['asset'] === 'TON') return 'error-insufficient_ton';
  if (hasText(`error-${code}`)) return `error-${code}`;
  if (status === 401) return 'error-session';
  return 'error-other';
}

interface TroubleProps {
  readonly error: ApiError;
  readonly onRetry: () => void;
  /** What it means that nothing is here, where that is more than an old link. */
  readonly notFound?: string;
}

/** In place of what could not be read. */
export function Trouble({ error, onRetry, notFound }: TroubleProps) {
  const described = describeError(error);
  const { title } = described;
  const text = error.code === 'not_found' && notFound !== undefined ? notFound : described.text;
  return (
    <div role="alert">
      <Placeholder icon={error.code === 'offline' ? 'offline' : 'alert'} title={title} text={text}>
        <Button kind="tinted" icon="again" onPress={onRetry}>
          {t('retry')}
        </Button>
      </Placeholder>
    </div>
  );
}
