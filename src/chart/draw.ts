import type { Chart, ChartNode, ChartTransition } from './chart.ts';
import { type Icon, type Line, PADDING, TITLE_HEIGHT } from './graph.ts';
import type { Arrow, Box, Rect } from './layout.ts';
import { escapeXml, iconWidth, LINE_HEIGHT, SMALL_SIZE, TITLE_SIZE, widthOf } from './text.ts';

/** Orange against grey and white is told apart in every kind of colour blindness; in print the thick line tells it. */
export const COLOURS = {
  ink: '#1f2933',
  line: '#52606d',
  frame: '#f5f7f9',
  paper: '#ffffff',
  active: '#c2410c',
  activeFill: '#ffe3cc',
  aroundFill: '#fff8f2',
};

type Point = { x: number; y: number };
export type Mark = 'active' | 'around' | 'none';

const SHAPES: Record<Mark, { fill: string; stroke: string; width: number }> = {
  active: { fill: COLOURS.activeFill, stroke: COLOURS.active, width: 4 },
  around: { fill: COLOURS.aroundFill, stroke: COLOURS.active, width: 2 },
  none: { fill: COLOURS.paper, stroke: COLOURS.line, width: 1.3 },
};

/** Icons are drawn, not written: ⏱ is missing from many fonts. */
const ICONS: Record<Icon, string> = {
  timer: '<circle cx="6" cy="7" r="4.4"/><path d="M6 7V4.6M6 7l1.7 1.2M4.6 1h2.8M6 1v1.6"/>',
  work: '<circle cx="6" cy="6" r="2"/><circle cx="6" cy="6" r="4.4" stroke-width="2" stroke-dasharray="1.73 1.73"/>',
  stay: '<path d="M3 3.2A4.2 4.2 0 1 0 7.2 2M3 .6v2.8h2.8"/>',
};

export function drawIcon(icon: Icon, x: number, y: number): string {
  const at = `translate(${round(x)} ${round(y)})`;
  return `<g data-icon="${icon}" transform="${at}" fill="none" stroke="${COLOURS.ink}" stroke-width="1.2">${ICONS[icon]}</g>`;
}

/** The shape of a state by its type: frames for states with states inside, pills for history, two rings for an end. */
export function drawShape(rect: Rect, node: Pick<ChartNode, 'type'>, mark: Mark, isRegion: boolean): string {
  const { fill, stroke, width } = SHAPES[mark];
  const corner = node.type === 'history' || node.type === 'final' ? rect.height / 2 : 8;
  const dash = isRegion ? ' stroke-dasharray="7 5"' : '';
  const ink = `fill="${isFrame(node) && mark === 'none' ? COLOURS.frame : fill}" stroke="${stroke}" stroke-width="${width}"${dash}`;
  const ring =
    node.type === 'final' ? drawRect(inset(rect, 4), corner - 4, `fill="none" stroke="${stroke}"`) : '';
  return drawRect(rect, corner, ink) + ring;
}

export function isFrame({ type }: Pick<ChartNode, 'type'>): boolean {
  return type === 'compound' || type === 'parallel';
}

function inset({ x, y, width, height }: Rect, by: number): Rect {
  return { x: x + by, y: y + by, width: width - 2 * by, height: height - 2 * by };
}

function drawRect({ x, y, width, height }: Rect, corner: number, ink: string): string {
  return `<rect x="${round(x)}" y="${round(y)}" width="${round(width)}" height="${round(height)}" rx="${round(corner)}" ${ink}/>`;
}

export function drawDot({ x, y, width }: Rect): string {
  const radius = width / 2;
  return `<circle cx="${round(x + radius)}" cy="${round(y + radius)}" r="${radius}" fill="${COLOURS.ink}"/>`;
}

/** Arrows may run through a frame behind its text; paper round the letters keeps it readable. */
const HALO = ` stroke="${COLOURS.paper}" stroke-width="4" stroke-linejoin="round" paint-order="stroke"`;
const BOLD = ` font-weight="bold"`;

export function drawCaption(chart: Chart, box: Box, inFrame: boolean): string {
  const { x, y, width, title, lines } = box;
  const ink = inFrame ? HALO : '';
  const isAlone = !inFrame && lines.length === 0;
  const at = { x: isAlone ? x + width / 2 : x + PADDING, y: y + TITLE_HEIGHT };
  const heading = drawText(title, at, TITLE_SIZE, BOLD + ink + (isAlone ? MIDDLE : ''));
  const rows = lines.map((line, row) => drawLine(chart, line, { x: at.x, y: rowBase(at.y + 2, row) }, ink));
  return heading + rows.join('');
}

const MIDDLE = ' text-anchor="middle"';

function drawText(text: string, { x, y }: Point, size: number, ink: string): string {
  return `<text x="${round(x)}" y="${round(y)}" font-size="${size}"${ink}>${escapeXml(text)}</text>`;
}

function rowBase(top: number, row: number): number {
  return top + (row + 1) * LINE_HEIGHT - 3;
}

function drawLine(chart: Chart, { text, icon, transition }: Line, at: Point, ink: string): string {
  const sign = icon ? drawIcon(icon, at.x, at.y - 10) : '';
  const line = sign + drawText(text, { x: at.x + iconWidth(icon), y: at.y }, SMALL_SIZE, ink);
  const meant = transition === undefined ? undefined : chart.transitions[transition];
  if (!meant) return line;
  return `<g data-transition="${transition}"><title>${escapeXml(tellTransition(meant))}</title>${line}</g>`;
}

function tellTransition({ source, target, event, actions }: ChartTransition): string {
  const way = target === null ? source : `${source} → ${target}`;
  return [way, event, ...actions.map((action) => `/ ${action}`)].filter((part) => part !== '').join(' ');
}

export function drawArrow({ points, bundle }: Arrow): string {
  const isFallback = bundle?.lines.length === 0;
  const dash = isFallback ? ' stroke-dasharray="3 3"' : '';
  return `<path${waysOf(bundle)} d="${pathOf(points)}" fill="none" stroke="${COLOURS.line}" stroke-width="1.3" marker-end="url(#arrow)"${dash}/>`;
}

/** Indexes of the transitions that share the arrow, so that a page can show which were taken. */
function waysOf(bundle: Arrow['bundle']): string {
  const ways = bundle?.lines.flatMap(({ transition }) => transition ?? []) ?? [];
  return ways.length === 0 ? '' : ` data-ways="${ways.join(' ')}"`;
}

const CORNER = 6;

/** Right angles with a small round corner, so that lines that only cross are not taken for one that turns. */
function pathOf(points: Point[]): string {
  return points.map((point, index) => step(points[index - 1], point, points[index + 1])).join('');
}

function step(before: Point | undefined, point: Point, after: Point | undefined): string {
  if (!before) return `M${pair(point)}`;
  if (!after) return `L${pair(point)}`;
  return `L${pair(towards(point, before))}Q${pair(point)} ${pair(towards(point, after))}`;
}

function towards(from: Point, to: Point): Point {
  const distance = Math.hypot(to.x - from.x, to.y - from.y);
  const part = distance === 0 ? 0 : Math.min(CORNER, distance / 2) / distance;
  return { x: from.x + (to.x - from.x) * part, y: from.y + (to.y - from.y) * part };
}

function pair({ x, y }: Point): string {
  return `${round(x)} ${round(y)}`;
}

export function drawLabel(chart: Chart, { bundle, label }: Arrow): string {
  if (!bundle || !label) return '';
  const ground = drawRect(label, 4, `fill="${COLOURS.paper}" fill-opacity="0.9"`);
  return ground + bundle.lines.map((line, row) => drawLabelLine(chart, line, label, row)).join('');
}

/** In the middle of its room. With an icon the text starts where its width, as far as we know it, puts it. */
function drawLabelLine(chart: Chart, line: Line, { x, y, width }: Rect, row: number): string {
  const middle = x + width / 2;
  if (!line.icon) return drawLine(chart, line, { x: middle, y: rowBase(y, row) }, MIDDLE);
  const left = middle - (widthOf(line.text, SMALL_SIZE) + iconWidth(line.icon)) / 2;
  return drawLine(chart, line, { x: left, y: rowBase(y, row) }, '');
}

export function round(value: number): number {
  return Math.round(value * 10) / 10;
}
