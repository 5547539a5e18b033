import type { FunctionalComponent } from 'vue';

/** Drawn in a grid of 24. */
const DRAWINGS: Record<string, string> = {
  constructor: 'M4 20h16M6 20V9l6-4 6 4v11M10 20v-5h4v5M9 11h.01M15 11h.01',
  'registered-architect': 'm12 4-6 16M12 4l6 16M8 14h8M12 4V2M5 20a9 9 0 0 0 14 0',
  'supervision-engineer': 'M4 15a8 8 0 0 1 16 0M3 15h18v2H3zM10 7.3V5h4v2.3M8 20h8',
  'survey-design-engineer': 'M3 18 9 8l4 6 3-4 5 8zM17 6a1.5 1.5 0 1 0 0-.01',
};
const OTHER = 'M6 3h9l4 4v14H6zM9 12h7M9 16h7';

export const ProfessionIcon: FunctionalComponent<{ id: string }> = ({ id }) => (
  <svg class="profession-icon" viewBox="0 0 24 24" aria-hidden="true">
    <path d={DRAWINGS[id] ?? OTHER} />
  </svg>
);
ProfessionIcon.props = ['id'];
