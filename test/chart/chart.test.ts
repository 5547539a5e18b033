import { describe, expect, test } from 'vitest';
import { type AnyStateNode, createMachine } from 'xstate';
import { chartOf } from '../../src/chart/chart.ts';
import { labelOf } from '../../src/chart/label.ts';
import { fixtureMachine } from './fixture-machine.ts';
import { oddMachine } from './odd-machine.ts';

const chart = chartOf(fixtureMachine);
const from = (source: string) => chart.transitions.filter((transition) => transition.source === source);
const node = (id: string) => chart.nodes.find((candidate) => candidate.id === id);

function everyNode(root: AnyStateNode): AnyStateNode[] {
  const children: AnyStateNode[] = Object.values(root.states);
  return [root, ...children.flatMap(everyNode)];
}

describe('a machine as data', () => {
  test.each([fixtureMachine, oddMachine])('holds every state once, in document order', (machine) => {
    const ids = everyNode(machine.root)
      .slice(1)
      .map(({ path }) => path.join('.'));
    expect(chartOf(machine).nodes.map(({ id }) => id)).toEqual(ids);
  });

  test.each([fixtureMachine, oddMachine])('holds every transition once', (machine) => {
    const found = everyNode(machine.root).flatMap(({ transitions, always }) =>
      [...transitions.values(), always ?? []].flat().map(({ eventType }) => eventType),
    );
    expect(chartOf(machine).transitions.map(({ event }) => event)).toEqual(found);
  });

  test('is JSON and the same every time', () => {
    expect(JSON.stringify(chartOf(fixtureMachine))).toBe(JSON.stringify(chart));
    expect(JSON.parse(JSON.stringify(chart))).toEqual(chart);
  });

  test('says of a state what it is, where it starts, and what work it starts', () => {
    expect(node('identity')).toEqual({
      id: 'identity',
      type: 'compound',
      parent: '',
      initial: 'identity.entering',
      tags: [],
      meta: { step: 1 },
      invokes: [],
    });
    expect(node('registration.form.creating')).toMatchObject({
      tags: ['busy'],
      invokes: [{ id: 'creation', src: 'createAccount' }],
    });
  });

  test('says what a history state remembers and where it goes when it remembers nothing', () => {
    expect(node('form.asLeft')).toMatchObject({ type: 'history', history: 'deep', fallback: 'form.normal' });
  });

  test('tells timers with their delay: milliseconds or a name', () => {
    expect(from('identity.unavailable')[1]).toMatchObject({ kind: 'timer', delay: 30_000 });
    expect(from('registration.smsCode.sent')).toMatchObject([{ kind: 'timer', delay: 'resendAfter' }]);
  });

  test('tells results of work, its failure, and the end of a frame from events', () => {
    expect(from('registration.form.creating').map(({ kind }) => kind)).toEqual(['done', 'error']);
    expect(from('registration')).toMatchObject([{ kind: 'done', target: 'faceVerification' }]);
    expect(from('faceVerification.failed').map(({ kind }) => kind)).toEqual(['event', 'always']);
  });

  test('names guards and actions that have a name, and shows … for code written in place', () => {
    expect(from('faceVerification.failed').map(({ guard }) => guard)).toEqual(['attemptsLeft', '…']);
    expect(from('faceVerification.checking').map(({ actions }) => actions)).toEqual([[], [], ['…']]);
    expect(from('form').map(({ actions }) => actions)).toEqual([['keepDraft'], [], ['tellRegion'], []]);
  });

  test('a transition of the machine itself comes from the empty path, one that stays has no target', () => {
    expect(from('')).toMatchObject([{ event: 'case.withdraw', target: 'withdrawn', actions: ['notify'] }]);
    expect(from('notice.reading')[0]).toMatchObject({ event: 'notice.acknowledge', target: null });
  });

  test('a transition into several regions has a line for each', () => {
    const region = { initial: 'x', states: { x: {}, y: {} } };
    const machine = createMachine({
      type: 'parallel',
      on: { go: { target: ['.a.y', '.b.y'] } },
      states: { a: region, b: region },
    });
    expect(chartOf(machine).transitions.map(({ target }) => target)).toEqual(['a.y', 'b.y']);
  });

  test('is read as a person would say it', () => {
    const labels = chart.transitions.map((transition) => labelOf(chart, transition));
    expect(labels).toContain('after 30 s');
    expect(labels).toContain('after 1 d');
    expect(labels).toContain('after resendAfter');
    expect(labels).toContain('lookUp done [found]');
    expect(labels).toContain('lookUp done [else]');
    expect(labels).toContain('createAccount error');
    expect(labels).toContain('always […]');
  });
});
