/** A model as the simulator checks it: kie.ai's limits and spellings, and its price. */
export interface SimulatedModel {
  readonly promptMax: number;
  readonly images?: { readonly field: string; readonly max: number; readonly required: boolean };
  readonly ratio: { readonly field: string; readonly values: readonly string[] };
  readonly resolution?: { readonly field: string; readonly credits: Readonly<Record<string, number>> };
  readonly formats?: readonly string[];
  readonly countField?: { readonly field: string; readonly max: number };
  /** Per picture, where the resolution does not decide. */
  readonly credits: number;
}

const ratios = ['auto', '1:1', '9:16', '16:9', '3:4', '4:3', '3:2', '2:3', '5:4', '4:5', '21:9'];
const longRatios = [...ratios, '1:4', '4:1', '1:8', '8:1'];
const aspectRatio = { field: 'aspect_ratio', values: ratios };
const gptRatio = { field: 'aspect_ratio', values: ['auto', '1:1', '9:16', '16:9', '4:3', '3:4'] };
const gptResolution = { field: 'resolution', credits: { '1K': 6, '2K': 10, '4K': 16 } };

/** Names of Seedream's `image_size` and the shape that each stands for. */
const sizeNames: Readonly<Record<string, string>> = {
  square: '1:1',
  square_hd: '1:1',
  portrait_4_3: '3:4',
  portrait_3_2: '2:3',
  portrait_16_9: '9:16',
  landscape_4_3: '4:3',
  landscape_3_2: '3:2',
  landscape_16_9: '16:9',
  landscape_21_9: '21:9',
};

export const simulatedModels: Readonly<Record<string, SimulatedModel>> = {
  'google/nano-banana': { promptMax: 5_000, ratio: aspectRatio, formats: ['png', 'jpeg'], credits: 4 },
  'google/nano-banana-edit': {
    promptMax: 5_000,
    images: { field: 'image_urls', max: 10, required: true },
    ratio: aspectRatio,
    formats: ['png', 'jpeg'],
    credits: 4,
  },
  'nano-banana-pro': {
    promptMax: 10_000,
    images: { field: 'image_input', max: 8, required: false },
    ratio: aspectRatio,
    resolution: { field: 'resolution', credits: { '1K': 18, '2K': 18, '4K': 24 } },
    formats: ['png', 'jpg'],
    credits: 18,
  },
  'nano-banana-2': {
    promptMax: 20_000,
    images: { field: 'image_input', max: 14, required: false },
    ratio: { field: 'aspect_ratio', values: longRatios },
    resolution: { field: 'resolution', credits: { '1K': 8, '2K': 12, '4K': 18 } },
    formats: ['png', 'jpg'],
    credits: 8,
  },
  'nano-banana-2-lite': {
    promptMax: 20_000,
    images: { field: 'image_urls', max: 10, required: false },
    ratio: aspectRatio,
    credits: 4,
  },
  'gpt-image-2-text-to-image': { promptMax: 20_000, ratio: gptRatio, resolution: gptResolution, credits: 6 },
  'gpt-image-2-image-to-image': {
    promptMax: 20_000,
    images: { field: 'input_urls', max: 16, required: true },
    ratio: gptRatio,
    resolution: gptResolution,
    credits: 6,
  },
  'bytedance/seedream-v4-text-to-image': {
    promptMax: 5_000,
    ratio: { field: 'image_size', values: Object.keys(sizeNames) },
    resolution: { field: 'image_resolution', credits: { '1K': 5, '2K': 5, '4K': 5 } },
    countField: { field: 'max_images', max: 6 },
    credits: 5,
  },
};

/** What a task will draw and cost, out of a valid input. */
export interface Plan {
  readonly prompt: string;
  readonly pictures: number;
  readonly ratio: string;
  readonly resolution: string;
  readonly format: 'png' | 'jpeg';
  readonly credits: number;
  readonly imageUrls: readonly string[];
}

type Input = Readonly<Record<string, unknown>>;

/** Reads an input by its model's rules; a text says what kie.ai would object to (code 422). */
export function planOf(model: SimulatedModel, input: Input): Plan | string {
  const prompt = input['prompt'];
  if (typeof prompt !== 'string' || prompt === '') return 'prompt is required';
  if (Array.from(prompt).length > model.promptMax) return `prompt exceeds the maximum length of ${model.promptMax}`;
  const { ratio, resolution, countField: count } = model;
  const images = readImages(model, input);
  if (typeof images === 'string') return images;
  const shape = input[ratio.field] ?? ratio.values[0];
  if (typeof shape !== 'string' || !ratio.values.includes(shape)) return outOfRange(ratio.field);
  const size = resolution === undefined ? '1K' : (input[resolution.field] ?? '1K');
  const prices = resolution?.credits ?? { '1K': model.credits };
  const perPicture = typeof size === 'string' && Object.hasOwn(prices, size) ? prices[size] : undefined;
  if (typeof size !== 'string' || perPicture === undefined) return outOfRange(resolution?.field ?? 'resolution');
  const format = input['output_format'] ?? 'png';
  if (typeof format !== 'string' || (model.formats && !model.formats.includes(format)))
    return outOfRange('output_format');
  const pictures = count === undefined ? 1 : (input[count.field] ?? 1);
  if (typeof pictures !== 'number' || !Number.isInteger(pictures) || pictures < 1 || pictures > (count?.max ?? 1)) {
    return outOfRange(count?.field ?? 'count');
  }
  return {
    prompt,
    pictures,
    ratio: sizeNames[shape] ?? shape,
    resolution: size,
    format: format === 'png' ? 'png' : 'jpeg',
    credits: perPicture * pictures,
    imageUrls: images,
  };
}

function outOfRange(field: string): string {
  return `${field} is not within the range of allowed options`;
}

function readImages({ images }: SimulatedModel, input: Input): readonly string[] | string {
  if (images === undefined) return [];
  const urls = input[images.field] ?? [];
  if (!Array.isArray(urls) || !urls.every((url) => typeof url === 'string' && /^https?:\/\//.test(url))) {
    return `${images.field} must be a list of image URLs`;
  }
  if (images.required && urls.length === 0) return `${images.field} is required`;
  return urls.length > images.max ? `${images.field} accepts at most ${images.max} images` : (urls as string[]);
}
