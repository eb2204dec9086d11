import type { Model } from '../../api/types.ts';
import { Choice } from '../../components/choice.tsx';
import { Section } from '../../components/list.tsx';
import { t } from '../../texts.ts';
import { draft, setOption } from './draft.ts';

/** What the model lets a person choose; a choice of one is none. */
export function Options({ model }: { readonly model: Model }) {
  const { ratio, resolution, format } = model.options;
  const chosen = draft.value.options;
  const at = (name: string, fallback: string): string => String(chosen[name] ?? fallback);
  return (
    <>
      {ratio !== undefined && ratio.values.length > 1 && (
        <Section title={t('option-ratio')}>
          <Choice
            look="chips"
            label={t('option-ratio')}
            value={at('ratio', ratio.default)}
            onChange={(value) => setOption('ratio', value)}
            options={ratio.values.map((value) => ({ value, text: <RatioLabel value={value} /> }))}
          />
        </Section>
      )}
      {resolution !== undefined && resolution.values.length > 1 && (
        <Section title={t('option-resolution')}>
          <Choice
            look="segments"
            label={t('option-resolution')}
            value={at('resolution', resolution.default)}
            onChange={(value) => setOption('resolution', value)}
            options={resolution.values.map(({ value }) => ({ value, text: value }))}
          />
        </Section>
      )}
      {format !== undefined && format.values.length > 1 && (
        <Section title={t('option-format')}>
          <Choice
            look="segments"
            label={t('option-format')}
            value={at('format', format.default)}
            onChange={(value) => setOption('format', value)}
            options={format.values.map((value) => ({ value, text: value.toUpperCase() }))}
          />
        </Section>
      )}
      {model.picturesMax > 1 && (
        <Section title={t('option-pictures')}>
          <Choice
            look="segments"
            label={t('option-pictures')}
            value={at('pictures', '1')}
            onChange={(value) => setOption('pictures', Number(value))}
            options={Array.from({ length: model.picturesMax }, (_, index) => String(index + 1)).map((value) => ({
              value,
              text: value,
            }))}
          />
        </Section>
      )}
    </>
  );
}

/** A shape is easier seen than read. */
function RatioLabel({ value }: { readonly value: string }) {
  const [width, height] = value.split(':').map(Number);
  if (width === undefined || height === undefined) return <>{t('ratio-auto')}</>;
  const side = 14;
  const box =
    width > height
      ? { width: side, height: (side * height) / width }
      : { width: (side * width) / height, height: side };
  return (
    <>
      <span class="ratio" style={{ width: `${box.width}px`, height: `${Math.max(4, box.height)}px` }} />
      {value}
    </>
  );
}
