import type { FunctionalComponent } from 'vue';
import type { Series } from './legend.tsx';

/** One bar, as long as its sum is of `most`, in the parts it is made of. The figures stand beside it in the row. */
export const StackedBar: FunctionalComponent<{
  title: string;
  parts: (Series & { value: number })[];
  most: number;
}> = ({ title, parts, most }) => {
  let left = 0;
  return (
    <svg class="bar" viewBox="0 0 100 10" preserveAspectRatio="none" role="img" aria-label={title}>
      <title>{title}</title>
      {parts.map(({ name, value, colour }) => {
        const width = (value / Math.max(1, most)) * 100;
        left += width;
        return <rect key={name} x={left - width} y="0" width={width} height="10" fill={colour} />;
      })}
    </svg>
  );
};
StackedBar.props = ['title', 'parts', 'most'];
