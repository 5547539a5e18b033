import type { FunctionalComponent } from 'vue';

export interface Series {
  name: string;
  colour: string;
}

export const Legend: FunctionalComponent<{ series: readonly Series[] }> = ({ series }) => (
  <ul class="legend">
    {series.map(({ name, colour }) => (
      <li key={name}>
        <svg width="12" height="12" aria-hidden="true">
          <rect width="12" height="12" rx="2" fill={colour} />
        </svg>
        {name}
      </li>
    ))}
  </ul>
);
Legend.props = ['series'];
