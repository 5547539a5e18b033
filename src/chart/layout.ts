import Elk, { type ElkExtendedEdge, type ElkNode, type ElkPoint } from 'elkjs/lib/elk.bundled.js';
import type { Chart } from './chart.ts';
import { type Bundle, type Caption, graphOf } from './graph.ts';

export interface Rect {
  x: number;
  y: number;
  width: number;
  height: number;
}
/** A state's place and what is written in it. The machine itself is the box ''. */
export interface Box extends Rect, Caption {
  id: string;
}
export interface Arrow {
  points: ElkPoint[];
  /** Missing for the arrow from an initial dot. */
  bundle?: Bundle;
  label?: Rect;
}
export interface Layout {
  width: number;
  height: number;
  /** Outermost first. */
  boxes: Box[];
  dots: Rect[];
  arrows: Arrow[];
}

const layouts = new WeakMap<Chart, Promise<Layout>>();

/** Where everything goes, worked out once per chart: it takes some tenths of a second, in which nothing else runs. */
export function layoutOf(chart: Chart): Promise<Layout> {
  const known = layouts.get(chart);
  if (known) return known;
  const fresh = computeLayout(chart);
  layouts.set(chart, fresh);
  return fresh;
}

async function computeLayout(chart: Chart): Promise<Layout> {
  const { elk, bundles, captions } = graphOf(chart);
  const root: ElkNode = await new Elk.default().layout(elk);
  const shapes = shapesIn(root);
  return {
    width: Math.ceil(root.width ?? 0),
    height: Math.ceil(root.height ?? 0),
    boxes: shapes.filter(({ id }) => id.startsWith('n:')).map((shape) => boxOf(shape, captions)),
    dots: shapes.filter(({ id }) => id.startsWith('i:')).map(rectOf),
    arrows: (root.edges ?? []).flatMap((edge) => arrowsOf(edge, bundles)),
  };
}

function shapesIn(node: ElkNode): ElkNode[] {
  return (node.children ?? []).flatMap((child) => [child, ...shapesIn(child)]);
}

function boxOf(shape: ElkNode, captions: Map<string, Caption>): Box {
  const id = shape.id.slice(2);
  return { id, ...(captions.get(id) ?? { title: id, lines: [] }), ...rectOf(shape) };
}

function rectOf({ x = 0, y = 0, width = 0, height = 0 }: Partial<Rect>): Rect {
  return { x, y, width, height };
}

function arrowsOf(edge: ElkExtendedEdge, bundles: Bundle[]): Arrow[] {
  const bundle = edge.id?.startsWith('e:') ? bundles[Number(edge.id.slice(2))] : undefined;
  const label = edge.labels?.[0];
  return (edge.sections ?? []).map(({ startPoint, bendPoints = [], endPoint }) => {
    const points = [startPoint, ...bendPoints, endPoint];
    if (bundle?.backward) points.reverse();
    return { points, ...(bundle && { bundle }), ...(label && { label: rectOf(label) }) };
  });
}
