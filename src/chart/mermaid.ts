import type { Chart, ChartNode } from './chart.ts';
import { invokeName, isAround, labelOf, titleOf } from './label.ts';

type State = Pick<ChartNode, 'id' | 'type' | 'initial'> & { title: string };
interface Link {
  source: string;
  target: string;
  label: string;
}
interface Names {
  idOf: (id: string) => string;
  /** Frames with a stand-in, and its id. */
  standIns: Map<string, string>;
}

const INDENT = '  ';

/**
 * The chart as a Mermaid state diagram. Two traps: inside a block Mermaid takes every state it mentions for a member
 * of that block, so arrows stand outside all blocks; and an arrow between a frame and something in it stops the
 * drawing, so there the frame has a stand-in, `▢ name`.
 */
export function toMermaid(chart: Chart): string {
  const links = linksOf(chart);
  const names = namesOf(chart, links);
  const machine = { id: '', type: chart.type, title: chart.id };
  const lines = [
    ...stateLines(
      chart,
      { ...machine, ...(chart.initial !== undefined && { initial: chart.initial }) },
      names,
    ),
    ...links.map((link) => linkLine(link, names)),
  ];
  return `${['stateDiagram-v2', ...indented(lines)].join('\n')}\n`;
}

function linksOf(chart: Chart): Link[] {
  const links = chart.transitions.map((transition) => ({
    source: transition.source,
    target: transition.target ?? transition.source,
    label: (transition.target === null ? '↺ ' : '') + labelOf(chart, transition),
  }));
  const fallbacks = chart.nodes.flatMap(({ id, fallback }) =>
    fallback === undefined ? [] : [{ source: id, target: fallback, label: '' }],
  );
  return [...links, ...fallbacks];
}

function stateLines(chart: Chart, state: State, names: Names): string[] {
  const name = `state "${escapeText(state.title)}" as ${names.idOf(state.id)}`;
  const children = chart.nodes.filter(({ parent }) => parent === state.id);
  if (children.length === 0) return [name];
  const blocks = children.map((child) => stateLines(chart, { ...child, title: nameOf(child) }, names));
  const standIn = names.standIns.get(state.id);
  if (standIn !== undefined) blocks.push([`state "▢ ${escapeText(state.title)}" as ${standIn}`]);
  const inner = state.type === 'parallel' ? separated(blocks) : sequence(state, children, blocks, names);
  return [`${name} {`, ...indented(inner), '}'];
}

function separated(regions: string[][]): string[] {
  return regions.flatMap((region, index) => (index === 0 ? region : ['--', ...region]));
}

function sequence({ initial }: State, children: ChartNode[], blocks: string[][], { idOf }: Names): string[] {
  const start = initial === undefined ? [] : [`[*] --> ${idOf(initial)}`];
  const ends = children.filter(({ type }) => type === 'final').map(({ id }) => `${idOf(id)} --> [*]`);
  return [...start, ...blocks.flat(), ...ends];
}

function indented(lines: string[]): string[] {
  return lines.map((line) => INDENT + line);
}

function nameOf(node: ChartNode): string {
  return [titleOf(node), ...node.invokes.map(({ src }) => `⚙ ${invokeName(src)}`)].join(' ');
}

function linkLine({ source, target, label }: Link, { idOf, standIns }: Names): string {
  const end = (id: string, other: string) => (isAround(id, other) ? standIns.get(id) : undefined) ?? idOf(id);
  const arrow = `${end(source, target)} --> ${end(target, source)}`;
  return label === '' ? arrow : `${arrow} : ${escapeText(label)}`;
}

/** Mermaid's own words, which it also knows in capitals. */
const RESERVED =
  'as choice class classdef click default direction end fork hide href join note root scale state style'.split(
    ' ',
  );

function namesOf(chart: Chart, links: Link[]): Names {
  const taken = new Set(RESERVED);
  const ids = new Map(
    ['', ...chart.nodes.map(({ id }) => id)].map((id) => [id, freeId(id || chart.id, taken)]),
  );
  const idOf = (id: string) => ids.get(id) ?? id;
  const frames = ['', ...chart.nodes.map(({ parent }) => parent)];
  const standIns = [...new Set(frames)].filter((frame) => links.some((link) => needsStandIn(frame, link)));
  return {
    idOf,
    standIns: new Map(standIns.map((frame) => [frame, freeId(`${idOf(frame)}_itself`, taken)])),
  };
}

function needsStandIn(frame: string, { source, target }: Link): boolean {
  return (frame === source && isAround(frame, target)) || (frame === target && isAround(frame, source));
}

/** Letters, digits and underscores, each id once: `a.b` and `a_b` must not become one state. */
function freeId(wanted: string, taken: Set<string>): string {
  const base = wanted.replace(/[^\p{L}\p{N}]/gu, '_');
  let id = base;
  for (let count = 2; taken.has(id.toLowerCase()); count += 1) id = `${base}_${count}`;
  taken.add(id.toLowerCase());
  return id;
}

/** Mermaid's entities: `#` and a code point. Anything that ends a name or a label, or that HTML would take for its own. */
function escapeText(text: string): string {
  return text.replace(/[<>&"#:;{}\\`%\p{Cc}]/gu, (sign) => `#${sign.codePointAt(0)};`);
}
