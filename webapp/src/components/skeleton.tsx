/** The place of something that is on its way, at its own height, so that nothing jumps. */
export function Skeleton({ look, count = 1 }: { readonly look: 'cell' | 'tile' | 'card'; readonly count?: number }) {
  return (
    <>
      {Array.from({ length: count }, (_, index) => (
        <div key={index} class={`skeleton skeleton-${look}`} />
      ))}
    </>
  );
}
