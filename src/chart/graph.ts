import type { ElkExtendedEdge, ElkNode, LayoutOptions } from 'elkjs/lib/elk-api.js';
import type { Chart, ChartNode, ChartTransition } from './chart.ts';
import { invokeName, isAround, labelOf, titleOf } from './label.ts';
import { iconWidth, LINE_HEIGHT, SMALL_SIZE, TITLE_SIZE, widthOf } from './text.ts';

export type Icon = 'timer' | 'work' | 'stay';
/** A line of small text. `transition` is an index into the chart's transitions. */
export interface Line {
  text: string;
  icon?: Icon;
  transition?: number;
}
/** All transitions between the same two states share one arrow. */
export interface Bundle {
  source: string;
  target: string;
  /** Leads to a state further up in the document, and is laid out the other way round. */
  backward: boolean;
  lines: Line[];
}
/** What is written in a state's box. */
export interface Caption {
  title: string;
  lines: Line[];
}
export interface Graph {
  elk: ElkNode;
  bundles: Bundle[];
  captions: Map<string, Caption>;
}

export const PADDING = 12;
export const TITLE_HEIGHT = 22;
const DOT = 12;

const CHART_OPTIONS: LayoutOptions = {
  'elk.algorithm': 'layered',
  'elk.direction': 'DOWN',
  'elk.hierarchyHandling': 'INCLUDE_CHILDREN',
  'elk.edgeRouting': 'ORTHOGONAL',
  'elk.json.shapeCoords': 'ROOT',
  'elk.json.edgeCoords': 'ROOT',
  'elk.randomSeed': '1',
  'elk.padding': '[top=8,left=8,bottom=8,right=8]',
};
/** Model order (`considerModelOrder`, `cycleBreaking.strategy`) would be wanted here, but throws with nested states (elkjs 0.12). */
const BOX_OPTIONS: LayoutOptions = {
  'elk.layered.spacing.nodeNodeBetweenLayers': '26',
  'elk.layered.spacing.edgeNodeBetweenLayers': '16',
  'elk.layered.spacing.edgeEdgeBetweenLayers': '12',
  'elk.spacing.nodeNode': '28',
  'elk.spacing.edgeNode': '18',
  'elk.spacing.edgeEdge': '14',
  'elk.layered.nodePlacement.strategy': 'BRANDES_KOEPF',
  'elk.layered.nodePlacement.bk.fixedAlignment': 'BALANCED',
  'elk.nodeSize.constraints': 'MINIMUM_SIZE',
};
const LABEL_OPTIONS: LayoutOptions = {
  'elk.edgeLabels.inline': 'true',
  'elk.edgeLabels.placement': 'CENTER',
};

/** The chart as ELK wants it: boxes with the room their text takes, arrows with theirs. */
export function graphOf(chart: Chart): Graph {
  const bundles = bundlesOf(chart);
  const captions = captionsOf(chart);
  const machine = { id: '', parent: '', ...(chart.initial !== undefined && { initial: chart.initial }) };
  const elk: ElkNode = {
    id: 'chart',
    layoutOptions: CHART_OPTIONS,
    children: [boxOf(chart, machine, captions)],
    edges: [...[machine, ...chart.nodes].flatMap(initialEdge), ...bundles.map(edgeOf)],
  };
  return { elk, bundles, captions };
}

function bundlesOf(chart: Chart): Bundle[] {
  const order = new Map(chart.nodes.map(({ id }, index) => [id, index]));
  const bundles = new Map<string, Bundle>();
  const bundle = (source: string, target: string, lines: Line[]) => {
    const key = JSON.stringify([source, target]);
    const known = bundles.get(key) ?? {
      source,
      target,
      backward: isBackward(order, source, target),
      lines: [],
    };
    known.lines.push(...lines);
    bundles.set(key, known);
  };
  chart.transitions.forEach((transition, index) => {
    if (transition.target !== null)
      bundle(transition.source, transition.target, [lineOf(chart, transition, index)]);
  });
  for (const { id, fallback } of chart.nodes) if (fallback !== undefined) bundle(id, fallback, []);
  return [...bundles.values()];
}

/** With these turned round no circle is left for ELK to break where it likes: the first state stays on top. */
function isBackward(order: Map<string, number>, source: string, target: string): boolean {
  if (isAround(source, target) || isAround(target, source)) return false;
  return (order.get(target) ?? 0) < (order.get(source) ?? 0);
}

function lineOf(chart: Chart, transition: ChartTransition, index: number): Line {
  const icon: Icon | undefined =
    transition.kind === 'timer' ? 'timer' : transition.target === null ? 'stay' : undefined;
  return { text: labelOf(chart, transition), transition: index, ...(icon && { icon }) };
}

function captionsOf(chart: Chart): Map<string, Caption> {
  const captions = chart.nodes.map((node): [string, Caption] => [
    node.id,
    { title: titleOf(node), lines: [...node.invokes.map(workLine), ...innerLines(chart, node.id)] },
  ]);
  return new Map([['', { title: chart.id, lines: innerLines(chart, '') }], ...captions]);
}

function workLine({ src }: { src: string }): Line {
  return { text: invokeName(src), icon: 'work' };
}

function innerLines(chart: Chart, id: string): Line[] {
  return chart.transitions.flatMap((transition, index) =>
    transition.source === id && transition.target === null ? [lineOf(chart, transition, index)] : [],
  );
}

type BoxSource = Pick<ChartNode, 'id' | 'parent' | 'initial'>;

function boxOf(chart: Chart, node: BoxSource, captions: Map<string, Caption>): ElkNode {
  const { width, height } = captionSize(captions.get(node.id) ?? { title: '', lines: [] });
  const children = chart.nodes.filter(({ parent }) => parent === node.id);
  if (children.length === 0) return { id: `n:${node.id}`, width, height };
  return {
    id: `n:${node.id}`,
    children: [...initialDot(node), ...children.map((child) => boxOf(chart, child, captions))],
    layoutOptions: {
      ...BOX_OPTIONS,
      'elk.padding': `[top=${height + 6},left=16,bottom=16,right=16]`,
      'elk.nodeSize.minimum': `(${width},${height})`,
    },
  };
}

function captionSize({ title, lines }: Caption): { width: number; height: number } {
  return {
    width: Math.max(48, widthOf(title, TITLE_SIZE, true), lineWidth(lines)) + 2 * PADDING,
    height: TITLE_HEIGHT + PADDING + lines.length * LINE_HEIGHT,
  };
}

function lineWidth(lines: Line[]): number {
  return Math.max(0, ...lines.map(({ text, icon }) => widthOf(text, SMALL_SIZE) + iconWidth(icon)));
}

function initialDot({ id, initial }: BoxSource): ElkNode[] {
  return initial === undefined ? [] : [{ id: `i:${id}`, width: DOT, height: DOT }];
}

function initialEdge({ id, initial }: BoxSource): ElkExtendedEdge[] {
  return initial === undefined ? [] : [{ id: `s:${id}`, sources: [`i:${id}`], targets: [`n:${initial}`] }];
}

function edgeOf({ source, target, backward, lines }: Bundle, index: number): ElkExtendedEdge {
  const [from, to] = backward ? [target, source] : [source, target];
  const size = { width: lineWidth(lines) + 8, height: lines.length * LINE_HEIGHT + 4 };
  return {
    id: `e:${index}`,
    sources: [`n:${from}`],
    targets: [`n:${to}`],
    labels: lines.length > 0 ? [{ text: ' ', ...size, layoutOptions: LABEL_OPTIONS }] : [],
  };
}
