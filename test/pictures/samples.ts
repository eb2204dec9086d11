import { join } from 'node:path';
import sharp from 'sharp';
import { loadCatalogue } from '../../platform/catalogue.ts';
import { drawPicture } from '../../providers/kie/simulator/picture.ts';
import { knownProviders } from '../../providers/names.ts';
import { repositoryFolder, repositoryPath } from '../support/environment.ts';

/*
 * Makes the sample picture of each model in the catalogue, by the simulator's own hand: `node test/pictures/samples.ts`
 * after a model was added.
 */

const side = 264;
/** Without the simulator's note at the lower edge. */
const cropped = { left: 30, top: 0, width: 964, height: 964 };

const { models } = await loadCatalogue(repositoryPath('catalogue.yaml'), knownProviders);
for (const [index, { id, title }] of models.entries()) {
  const picture = await drawPicture({
    // The text decides the colours, and this one cannot be seen.
    text: '\u200b'.repeat(index + 1),
    model: `${id} ${title}`,
    ratio: '1:1',
    resolution: '1K',
    format: 'png',
    number: 1,
    of: 1,
  });
  const file = join(repositoryFolder, 'webapp', 'public', 'samples', `${id}.webp`);
  await sharp(picture).extract(cropped).resize(side, side).webp({ quality: 78 }).toFile(file);
}
