import type { ApiError } from '../api/result.ts';
import { Icon } from './icon.tsx';
import { describeError } from './trouble.tsx';

interface NoticeProps {
  readonly error: ApiError;
  /** Something that costs was asked for. */
  readonly isOrder?: boolean;
}

/** An error above what the person was doing, which stays as it was. */
export function Notice({ error, isOrder = false }: NoticeProps) {
  const { title, text } = describeError(error, isOrder);
  return (
    <div class="notice" role="alert">
      <span class="badge badge-warn">
        <Icon name="alert" size={20} />
      </span>
      <div>
        <strong>{title}</strong>
        <p>{text}</p>
      </div>
    </div>
  );
}
