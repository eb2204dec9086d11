import type { ApiError } from '../../api/result.ts';
import { api } from '../../state/shop.ts';
import { draft, type Photo } from './draft.ts';
import { preparePhoto } from './downscale.ts';

/** What was chosen, for another try; a reload forgets it. */
const files = new Map<string, File>();

/** Shows a photo at once and sends it. One that does not arrive keeps its place and can be sent again. */
export async function addPhoto(file: File): Promise<void> {
  const id = crypto.randomUUID();
  files.set(id, file);
  const photo: Photo = {
    id,
    preview: URL.createObjectURL(file),
    state: 'uploading',
    image: undefined,
    error: undefined,
  };
  setPhotos((photos) => [...photos, photo]);
  await send(id, file);
}

/** Another try for a photo that did not arrive. */
export async function sendAgain(id: string): Promise<void> {
  const file = files.get(id);
  if (file === undefined) return;
  change(id, { state: 'uploading', error: undefined });
  await send(id, file);
}

/** Takes a photo out, whether it has arrived or not. */
export function removePhoto({ id, preview }: Photo): void {
  forget(id, preview);
  setPhotos((photos) => photos.filter((photo) => photo.id !== id));
}

/** Whether another try may help: the line broke or the server was not well, and nothing is wrong with the photo. */
export function isWorthAnotherTry({ code, status }: ApiError): boolean {
  return code === 'offline' || status >= 500 || status === 429;
}

async function send(id: string, file: File): Promise<void> {
  const { photo, preview } = await preparePhoto(file);
  const answer = await api().uploadImage(photo);
  const shown = draft.value.photos.find((one) => one.id === id);
  if (shown === undefined) return;
  if (!answer.ok) {
    change(id, { state: 'failed', error: answer.error });
    return;
  }
  forget(id, preview === null ? '' : shown.preview);
  change(id, { state: 'ready', image: answer.value.image, preview: preview ?? shown.preview });
}

function forget(id: string, preview: string): void {
  files.delete(id);
  if (preview.startsWith('blob:')) URL.revokeObjectURL(preview);
}

function change(id: string, changes: Partial<Photo>): void {
  setPhotos((photos) => photos.map((photo) => (photo.id === id ? { ...photo, ...changes } : photo)));
}

function setPhotos(make: (photos: readonly Photo[]) => readonly Photo[]): void {
  draft.value = { ...draft.value, photos: make(draft.value.photos) };
}

/** Back on the line: what broke off with it goes on by itself. */
addEventListener('online', () => {
  for (const { id, error } of draft.value.photos) {
    if (error !== undefined && isWorthAnotherTry(error)) void sendAgain(id);
  }
});
