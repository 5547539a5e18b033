import type { FunctionalComponent } from 'vue';

/** Figures 8 to 10: where one is of three. */
export const Stepper: FunctionalComponent<{ titles: string[]; current: number }> = ({ titles, current }) => (
  <ol class="stepper">
    {titles.map((title, index) => (
      <li
        key={title}
        class={{ done: index + 1 < current, now: index + 1 === current }}
        aria-current={index + 1 === current ? 'step' : undefined}
      >
        <span class="stepper-number" aria-hidden="true">
          {index + 1 < current ? '✓' : index + 1}
        </span>
        {title}
      </li>
    ))}
  </ol>
);
Stepper.props = ['titles', 'current'];
