import { drawPicture, type PictureWish } from './picture.ts';
import type { Settings } from './options.ts';
import { drawnText, type SimulatedTask } from './tasks.ts';

const keptMax = 32;

/**
 * The pictures of tasks. They are drawn when fetched and follow from the task alone, so that none needs to be stored.
 */
export function createPictures(settings: Settings): (task: SimulatedTask, number: number) => Promise<Buffer> {
  const kept = new Map<string, Promise<Buffer>>();
  let prepared: Promise<Buffer> | undefined;

  function draw(task: SimulatedTask, number: number): Promise<Buffer> {
    const key = `${task.taskId}/${number}`;
    const known = kept.get(key);
    if (known !== undefined) return known;
    const drawn = drawPicture(wishOf(task, number));
    kept.set(key, drawn);
    const [oldest] = kept.keys();
    if (kept.size > keptMax && oldest !== undefined) kept.delete(oldest);
    return drawn;
  }

  return (task, number) => {
    if (!settings.now().preparedPicture) return draw(task, number);
    prepared ??= drawPicture({ ...wishOf(task, 1), text: 'One prepared picture', ratio: '1:1', resolution: '1K' });
    return prepared;
  };
}

function wishOf(task: SimulatedTask, number: number): PictureWish {
  const { ratio, resolution, format } = task.plan;
  const of = Math.max(task.end?.pictures ?? 1, number);
  return { text: drawnText(task), model: task.model, ratio, resolution, format, number, of };
}
