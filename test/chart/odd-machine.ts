import { createMachine } from 'xstate';

/** Legal for XState, and a trap for every format: signs of XML and Mermaid, reserved words, ids that only differ in signs. */
export const oddMachine = createMachine({
  id: 'odd <&"> machine',
  type: 'parallel',
  on: { 'x:y;z': '.end', stay: {} },
  states: {
    end: {
      id: 'e',
      initial: 'a <&" b',
      on: { up: '.State' },
      states: {
        'a <&" b': { on: { 'go;now: {x} %% `y` #1': 'State', again: { target: 'a <&" b', reenter: true } } },
        State: { type: 'final' },
        a_b: { always: { guard: () => true, target: 'a-b' } },
        'a-b': { on: { up: '#e' } },
        back: { type: 'history' },
      },
    },
    办理中: {
      initial: '受理',
      states: { 受理: { on: { '受理.提交': ['办结'] } }, 办结: { type: 'final' } },
    },
    note: {},
  },
});
