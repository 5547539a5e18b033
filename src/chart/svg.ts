import type { Chart, ChartNode } from './chart.ts';
import {
  COLOURS,
  drawArrow,
  drawCaption,
  drawDot,
  drawLabel,
  drawShape,
  isFrame,
  type Mark,
} from './draw.ts';
import { isAround } from './label.ts';
import { type Box, layoutOf } from './layout.ts';
import { drawLegend } from './legend.ts';
import { escapeXml, FONTS } from './text.ts';

const MIN_WIDTH = 460;
const ARROW = `<defs><marker id="arrow" viewBox="0 0 8 8" refX="7.4" refY="4" markerWidth="8" markerHeight="8" markerUnits="userSpaceOnUse" orient="auto"><path d="M0 .6L8 4L0 7.4z" fill="${COLOURS.line}"/></marker></defs>`;

/** The chart drawn, complete in itself. `active` are the states where a case stands; laying out is not done again for them. */
export async function toSvg(chart: Chart, active: string[] = []): Promise<string> {
  const layout = await layoutOf(chart);
  const width = Math.max(MIN_WIDTH, layout.width);
  const legend = drawLegend(layout.height, width);
  const parts = [
    ...layout.boxes.map((box) => drawState(chart, box, active)),
    ...layout.dots.map(drawDot),
    ...layout.arrows.map(drawArrow),
    ...layout.boxes.map((box) => drawCaption(chart, box, isFrame(nodeOf(chart, box)))),
    ...layout.arrows.map((arrow) => drawLabel(chart, arrow)),
    legend.svg,
  ];
  return [...opening(chart, active, width, layout.height + legend.height), ...parts, '</svg>\n'].join('\n');
}

/** No style sheet and no style attribute: a strict Content-Security-Policy would switch them off. */
function opening(chart: Chart, active: string[], width: number, height: number): string[] {
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" role="img" aria-labelledby="chart-title chart-desc" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}" font-family="${escapeXml(FONTS)}" fill="${COLOURS.ink}">`,
    `<title id="chart-title">${escapeXml(chart.id)}</title>`,
    `<desc id="chart-desc">${escapeXml(describe(chart, active))}</desc>`,
    ARROW,
    `<rect width="${width}" height="${height}" fill="${COLOURS.paper}"/>`,
  ];
}

function describe({ nodes, transitions }: Chart, active: string[]): string {
  const size = `${nodes.length} states, ${transitions.length} transitions.`;
  return active.length === 0 ? size : `${size} Current: ${active.join(', ')}.`;
}

function nodeOf(chart: Chart, { id }: Box): Pick<ChartNode, 'id' | 'type' | 'parent'> {
  return chart.nodes.find((node) => node.id === id) ?? { id: '', type: chart.type, parent: '' };
}

const FLAGS: Record<Mark, string> = {
  active: ' data-active="true" aria-current="true"',
  around: ' data-around="true"',
  none: '',
};

function drawState(chart: Chart, box: Box, active: string[]): string {
  const node = nodeOf(chart, box);
  if (node.id === '') return drawShape(box, node, 'none', false);
  const mark = markOf(node.id, active);
  const shape = drawShape(box, node, mark, isRegion(chart, node.parent));
  const id = escapeXml(node.id);
  return `<g data-state="${id}" data-type="${node.type}"${FLAGS[mark]}><title>${id}</title>${shape}</g>`;
}

function markOf(id: string, active: string[]): Mark {
  if (active.includes(id)) return 'active';
  return active.some((inner) => isAround(id, inner)) ? 'around' : 'none';
}

function isRegion(chart: Chart, parent: string): boolean {
  const frame = parent === '' ? chart : chart.nodes.find(({ id }) => id === parent);
  return frame?.type === 'parallel';
}
