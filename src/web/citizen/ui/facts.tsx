import type { FunctionalComponent } from 'vue';

export interface Fact {
  label: string;
  value: string;
}

/** What is known already and cannot be typed here. */
export const Facts: FunctionalComponent<{ facts: Fact[] }> = ({ facts }) => (
  <dl class="facts">
    {facts.map(({ label, value }) => (
      <div key={label}>
        <dt>{label}</dt>
        <dd>{value}</dd>
      </div>
    ))}
  </dl>
);
Facts.props = ['facts'];
