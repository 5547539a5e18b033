import { COLOURS, drawDot, drawIcon, drawShape, round } from './draw.ts';
import type { Rect } from './layout.ts';
import { escapeXml, SMALL_SIZE, widthOf } from './text.ts';

interface Item {
  text: string;
  draw: (at: Rect) => string;
}

const ITEMS: Item[] = [
  { text: '当前状态 current state', draw: (at) => drawShape(at, { type: 'atomic' }, 'active', false) },
  { text: '当前状态所在 around it', draw: (at) => drawShape(at, { type: 'atomic' }, 'around', false) },
  { text: '开始 start', draw: ({ x, y }) => drawDot({ x: x + 8, y: y + 2, width: 12, height: 12 }) },
  { text: '结束 end', draw: (at) => drawShape(at, { type: 'final' }, 'none', false) },
  { text: '并行 side by side', draw: (at) => drawShape(at, { type: 'compound' }, 'none', true) },
  {
    text: 'H 回到原处 back to where it was (H* 各层 all levels)',
    draw: (at) => drawShape(at, { type: 'history' }, 'none', false),
  },
  { text: '定时 by time', draw: ({ x, y }) => drawIcon('timer', x + 8, y + 2) },
  { text: '外部办理 work elsewhere', draw: ({ x, y }) => drawIcon('work', x + 8, y + 2) },
  { text: '状态不变 without leaving', draw: ({ x, y }) => drawIcon('stay', x + 8, y + 2) },
  { text: '从框出发:框内各状态均可 from a frame: from any state in it', draw: frameArrow },
];

const SIGN = { width: 28, height: 16 };
const ROW_HEIGHT = 26;
const GAP = 22;
const MARGIN = 16;

export interface Legend {
  svg: string;
  height: number;
}

/** What the signs mean, in rows as wide as the drawing. */
export function drawLegend(top: number, width: number): Legend {
  const parts: string[] = [];
  let x = MARGIN;
  let y = top + 10;
  for (const item of ITEMS) {
    const taken = SIGN.width + 6 + widthOf(item.text, SMALL_SIZE);
    if (x > MARGIN && x + taken > width - MARGIN) {
      x = MARGIN;
      y += ROW_HEIGHT;
    }
    parts.push(drawItem(item, x, y));
    x += taken + GAP;
  }
  return { svg: `<g data-legend="true">${parts.join('')}</g>`, height: y + ROW_HEIGHT - top };
}

function drawItem(item: Item, x: number, y: number): string {
  const sign = item.draw({ x, y, ...SIGN });
  return `${sign}<text x="${round(x + SIGN.width + 6)}" y="${round(y + 12)}" font-size="${SMALL_SIZE}">${escapeXml(item.text)}</text>`;
}

function frameArrow({ x, y }: Rect): string {
  const frame = drawShape({ x, y: y - 2, width: 28, height: 6 }, { type: 'compound' }, 'none', false);
  return `${frame}<path d="M${x + 14} ${y + 4}v12" stroke="${COLOURS.line}" stroke-width="1.3" marker-end="url(#arrow)"/>`;
}
