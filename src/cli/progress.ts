/** Says how far long work has come: a bar on a terminal, a line now and then elsewhere. */
export interface Progress {
  begin: (title: string, total: number) => void;
  at: (done: number) => void;
  /** The stage is over; answers how many a second it did. */
  end: () => number;
}

const REDRAW_MS = 100;
const LINE_MS = 10_000;
const BAR = 24;

interface Screen {
  isTTY?: boolean;
  write(text: string): unknown;
}

/** `now` in milliseconds. */
export function createProgress(screen: Screen | undefined, now: () => number): Progress {
  const every = screen?.isTTY ? REDRAW_MS : LINE_MS;
  let stage = { title: '', total: 0, done: 0, beganAt: 0, shownAt: 0 };
  const perSecond = () => (stage.done * 1000) / Math.max(1, now() - stage.beganAt);
  const show = () => {
    const line = describe(stage.title, stage.done, stage.total, perSecond());
    screen?.write(screen.isTTY ? `\r\u001b[K${line}` : `${line}\n`);
  };
  return {
    begin(title, total) {
      const beganAt = now();
      stage = { title, total, done: 0, beganAt, shownAt: beganAt };
    },
    at(done) {
      stage.done = done;
      if (now() - stage.shownAt < every) return;
      stage.shownAt = now();
      show();
    },
    end() {
      if (screen?.isTTY) screen.write('\r\u001b[K');
      return perSecond();
    },
  };
}

function describe(title: string, done: number, total: number, perSecond: number): string {
  const part = total === 0 ? 1 : Math.min(1, done / total);
  const full = Math.round(part * BAR);
  const left = perSecond === 0 ? '–' : inMinutes((total - done) / perSecond);
  return [
    title,
    `[${'█'.repeat(full)}${'░'.repeat(BAR - full)}]`,
    `${Math.floor(part * 100)}%`,
    `${inWords(done)}/${inWords(total)}`,
    `${inWords(Math.round(perSecond))}/s`,
    `剩余 ETA ${left}`,
  ].join('  ');
}

export function inWords(n: number): string {
  return n.toLocaleString('en');
}

function inMinutes(seconds: number): string {
  const whole = Math.max(0, Math.ceil(seconds));
  return `${Math.floor(whole / 60)}:${String(whole % 60).padStart(2, '0')}`;
}
