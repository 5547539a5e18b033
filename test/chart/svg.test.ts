import sharp from 'sharp';
import { beforeAll, describe, expect, test } from 'vitest';
import { createMachine } from 'xstate';
import { type Chart, chartOf } from '../../src/chart/chart.ts';
import { type Layout, layoutOf, type Rect } from '../../src/chart/layout.ts';
import { toSvg } from '../../src/chart/svg.ts';
import { fixtureMachine } from './fixture-machine.ts';
import { oddMachine } from './odd-machine.ts';

const chart = chartOf(fixtureMachine);
const oddChart = chartOf(oddMachine);
let svg = '';
let odd = '';
beforeAll(async () => {
  svg = await toSvg(chart);
  odd = await toSvg(oddChart);
});

const ENTITIES: Record<string, string> = { lt: '<', gt: '>', amp: '&', quot: '"', apos: "'" };
function unescapeXml(text: string): string {
  return text.replace(/&(\w+);/g, (all, name: string) => ENTITIES[name] ?? all);
}

/** Names of open elements left over, after a walk over every tag; throws at what XML does not allow. */
function parse(xml: string): string[] {
  const open: string[] = [];
  const rest = xml.replace(
    /<(\/?)([a-z]+)((?: [a-zA-Z-]+="[^"<]*")*)(\/?)>/g,
    (_, end, name, _attributes, empty) => {
      if (end !== '' && open.pop() !== name) throw new Error(`</${name}> closes nothing`);
      if (end === '' && empty === '') open.push(name);
      return '';
    },
  );
  const bare = rest.replace(/&(?:lt|gt|amp|quot|apos);/g, '');
  if (/[<&]/.test(bare)) throw new Error(`not XML: ${/[<&].{0,40}/.exec(bare)?.[0]}`);
  return open;
}

function attributes(xml: string, name: string): string[] {
  return [...xml.matchAll(new RegExp(` ${name}="([^"]*)"`, 'g'))].map((found) => unescapeXml(found[1] ?? ''));
}

function marked(xml: string, flag: string): string[] {
  const groups = [...xml.matchAll(/<g data-state="([^"]*)"[^>]*>/g)].filter(([tag]) =>
    tag.includes(` ${flag}="true"`),
  );
  return groups.map((found) => unescapeXml(found[1] ?? ''));
}

describe('a machine as a drawing', () => {
  test('holds every state once', () => {
    expect(attributes(svg, 'data-state').toSorted()).toEqual(chart.nodes.map(({ id }) => id).toSorted());
    expect(attributes(odd, 'data-state').toSorted()).toEqual(oddChart.nodes.map(({ id }) => id).toSorted());
  });

  test.each([
    ['fixture', chart],
    ['odd', oddChart],
  ])('holds every transition once (%s)', async (_, drawn) => {
    const numbers = attributes(await toSvg(drawn), 'data-transition').map(Number);
    expect(numbers.toSorted((a, b) => a - b)).toEqual([...drawn.transitions.keys()]);
  });

  test('marks timers and work with their icons', () => {
    const inLegend = 1;
    const timers = chart.transitions.filter(({ kind }) => kind === 'timer').length;
    const works = chart.nodes.flatMap(({ invokes }) => invokes).length;
    expect(attributes(svg, 'data-icon').filter((icon) => icon === 'timer')).toHaveLength(timers + inLegend);
    expect(attributes(svg, 'data-icon').filter((icon) => icon === 'work')).toHaveLength(works + inLegend);
  });

  test('the same machine gives the same bytes', async () => {
    expect(await toSvg(chartOf(fixtureMachine))).toBe(svg);
  });

  test('is well-formed XML that an image library can draw', async () => {
    expect(parse(svg)).toEqual([]);
    expect(parse(odd)).toEqual([]);
    const { format, width } = await sharp(Buffer.from(odd)).metadata();
    expect({ format, isWide: width > 400 }).toEqual({ format: 'svg', isWide: true });
    await sharp(Buffer.from(svg)).png().toBuffer();
  });

  test('needs and runs nothing from outside', () => {
    expect(svg.replace('xmlns="http://www.w3.org/2000/svg"', '')).not.toMatch(/https?:|\/\/|data:|@import/);
    expect(svg).not.toMatch(/<(script|foreignObject|image|use|a|style)\b| on\w+=| style=| href=/);
  });

  test('signs of XML in names are escaped', () => {
    expect(odd).toContain('data-state="end.a &lt;&amp;&quot; b"');
    expect(odd).toContain('>a &lt;&amp;&quot; b</text>');
  });

  test('characters that XML cannot hold are replaced', async () => {
    const machine = createMachine({ initial: 'a\u0000\uD800', states: { 'a\u0000\uD800': {} } });
    expect(await toSvg(chartOf(machine))).toContain('data-state="a\uFFFD\uFFFD"');
  });

  test('has a title and a description for those who cannot see it', async () => {
    expect(svg).toContain('role="img"');
    expect(svg).toContain('>deregistration</title>');
    expect(await toSvg(chart, ['notice.reading'])).toContain('Current: notice.reading.</desc>');
  });

  test('marks exactly the active states, and lightly what is around them', async () => {
    const active = ['registration.form.filling', 'registration.smsCode.sent'];
    const drawn = await toSvg(chart, active);
    expect(marked(drawn, 'data-active')).toEqual(active);
    expect(marked(drawn, 'data-around').toSorted()).toEqual([
      'registration',
      'registration.form',
      'registration.smsCode',
    ]);
    expect([...marked(svg, 'data-active'), ...marked(svg, 'data-around')]).toEqual([]);
  });

  test('marking another case costs no layout', async () => {
    const before = await layoutOf(chart);
    await toSvg(chart, ['notice.reading']);
    expect(await layoutOf(chart)).toBe(before);
  });

  test('a machine without states is drawn too', async () => {
    expect(parse(await toSvg(chartOf(createMachine({ id: 'bare', on: { ping: {} } }))))).toEqual([]);
  });
});

function overlap(a: Rect, b: Rect): boolean {
  return a.x < b.x + b.width && b.x < a.x + a.width && a.y < b.y + b.height && b.y < a.y + a.height;
}

function labelsOf({ arrows }: Layout): Rect[] {
  return arrows.flatMap(({ label }) => (label ? [label] : []));
}

function overlapping(rects: Rect[]): [Rect, Rect][] {
  return rects.flatMap((a, index) =>
    rects.slice(index + 1).flatMap((b): [Rect, Rect][] => (overlap(a, b) ? [[a, b]] : [])),
  );
}

function leavesOf(drawn: Chart, { boxes }: Layout): Rect[] {
  const frames = new Set(['', ...drawn.nodes.map(({ parent }) => parent)]);
  return boxes.filter(({ id }) => !frames.has(id));
}

describe.each([
  ['fixture', chart],
  ['odd', oddChart],
])('the layout (%s)', (_, drawn) => {
  test('no label lies on another, or on a state', async () => {
    const layout = await layoutOf(drawn);
    expect(overlapping([...labelsOf(layout), ...leavesOf(drawn, layout)])).toEqual([]);
  });

  test('nothing is cut off', async () => {
    const layout = await layoutOf(drawn);
    const points = layout.arrows.flatMap((arrow) =>
      arrow.points.map(({ x, y }) => ({ x, y, width: 0, height: 0 })),
    );
    for (const { x, y, width, height } of [...layout.boxes, ...labelsOf(layout), ...points]) {
      expect(Math.min(x, y)).toBeGreaterThanOrEqual(0);
      expect(x + width).toBeLessThanOrEqual(layout.width);
      expect(y + height).toBeLessThanOrEqual(layout.height);
    }
  });
});
