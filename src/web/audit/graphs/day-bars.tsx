import type { FunctionalComponent } from 'vue';
import { count } from '../format.ts';
import { Legend, type Series } from './legend.tsx';

export interface DaySeries extends Series {
  /** One figure for each day. */
  values: readonly number[];
}

const [WIDTH, HEIGHT, LEFT, BOTTOM, TOP] = [1180, 200, 44, 24, 10];
/** Room for so many days written below the bars. */
const DAYS_WRITTEN = 12;

/** Groups of bars, a group a day. The same figures stand in a table beside it. */
export const DayBars: FunctionalComponent<{ title: string; days: string[]; series: DaySeries[] }> = ({
  title,
  days,
  series,
}) => {
  const top = niceTop(Math.max(1, ...series.flatMap(({ values }) => values)));
  const group = (WIDTH - LEFT) / Math.max(1, days.length);
  const bar = Math.max(1, (group * 0.78) / series.length);
  const y = (value: number) => TOP + (HEIGHT - TOP - BOTTOM) * (1 - value / top);
  const every = Math.ceil(days.length / DAYS_WRITTEN);
  return (
    <div>
      <Legend series={series} />
      <svg class="graph" viewBox={`0 0 ${WIDTH} ${HEIGHT}`} role="img" aria-label={title}>
        {[0, top / 2, top].map((value) => (
          <g key={value}>
            <line x1={LEFT} x2={WIDTH} y1={y(value)} y2={y(value)} stroke="#d9dee6" />
            <text x={LEFT - 6} y={y(value) + 4} text-anchor="end">
              {count(value)}
            </text>
          </g>
        ))}
        {days.map((day, index) => (
          <g key={day}>
            <title>{tell(day, series, index)}</title>
            {/* The whole column answers to the pointer, not its thin bars alone. */}
            <rect
              x={LEFT + index * group}
              y={TOP}
              width={group}
              height={HEIGHT - TOP - BOTTOM}
              fill="transparent"
            />
            {series.map(({ name, colour, values }, place) => (
              <rect
                key={name}
                x={LEFT + index * group + group * 0.11 + place * bar}
                y={y(values[index] ?? 0)}
                width={Math.max(1, bar - 1)}
                height={y(0) - y(values[index] ?? 0)}
                fill={colour}
              />
            ))}
            {index % every === 0 && (
              <text x={LEFT + (index + 0.5) * group} y={HEIGHT - 6} text-anchor="middle">
                {day.slice(5)}
              </text>
            )}
          </g>
        ))}
      </svg>
    </div>
  );
};
DayBars.props = ['title', 'days', 'series'];

/** 1, 2 or 5 with noughts behind, and even, so that its half is a whole number too. */
function niceTop(value: number): number {
  const power = 10 ** Math.floor(Math.log10(value));
  const step = [1, 2, 5, 10].find((each) => each * power >= value) ?? 10;
  return Math.max(2, step * power + ((step * power) % 2));
}

function tell(day: string, series: DaySeries[], index: number): string {
  return [day, ...series.map(({ name, values }) => `${name} ${values[index] ?? 0}`)].join(' · ');
}
