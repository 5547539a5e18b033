import { describe, expect, it } from 'vitest';
import { readEntry } from '../../src/engine/entry.ts';
import { runOn, type WhatIfEvent } from '../../src/engine/fork.ts';
import type { StoredEntry } from '../../src/engine/types.ts';
import { loadMatters } from '../../src/machines/index.ts';
import { stories } from '../../src/machines/supervision-engineer-deregistration/scenarios.ts';
import { noProviders } from '../../src/providers/none.ts';
import { tell } from '../machines/run-story.ts';
import { loadPermit, versionOf } from '../versions/permit-world.ts';

const limits = { identityPerHour: 1_000, smsPerHour: 1_000 };
const [matter] = [...(await loadMatters(noProviders, limits)).values()];
if (!matter) throw new Error('no matter');
const told = stories.map((story) => ({ title: story.title, ...tell(matter, story) }));

/** The entries after `seq` as events typed by hand: what happened, when, and who sent it. */
function asTyped(entries: StoredEntry[], seq: number): WhatIfEvent[] {
  return entries.slice(seq).map(({ bytes }) => {
    const { type, at, data } = readEntry(bytes);
    return { ...data, type, at };
  });
}

describe('a history run on from any of its entries', () => {
  it('with nothing changed reproduces every digest, in every story', () => {
    let compared = 0;
    for (const { title, entries } of told) {
      for (let seq = 0; seq <= entries.length; seq++) {
        const steps = [...runOn(matter, entries, { seq })];
        expect(
          steps.map(({ digest }) => digest),
          title,
        ).toEqual(entries.slice(seq).map(({ bytes }) => readEntry(bytes).state.digest));
        expect(steps.filter(({ refused }) => refused !== undefined)).toEqual([]);
        compared += steps.length;
      }
    }
    expect(compared).toBeGreaterThan(5_000);
  });

  it('with the same events typed again reproduces them too, and under its own version by name', () => {
    for (const { title, entries } of told) {
      const recorded = entries.map(({ bytes }) => readEntry(bytes).state.digest);
      for (const seq of [1, Math.ceil(entries.length / 2)]) {
        const typed = [...runOn(matter, entries, { seq, events: asTyped(entries, seq) })];
        expect(
          typed.map(({ digest }) => digest),
          title,
        ).toEqual(recorded.slice(seq));
        const named = [...runOn(matter, entries, { seq: seq - 1, machine: matter })];
        expect(
          named.map(({ digest }) => digest),
          title,
        ).toEqual(recorded.slice(seq - 1));
      }
    }
  });

  it('with another event goes another way, and says what it would have begun', () => {
    const { entries } = getStory('A registered person goes on to face verification');
    const unknown = { type: 'xstate.done.actor.findPerson', output: { registered: false } };
    const [step] = runOn(matter, entries, { seq: 2, events: [unknown] });
    expect(step?.state.value).toEqual({ identity: 'notFound' });
    const [asked] = runOn(matter, entries, { seq: 1, events: [{ type: 'identity.submit' }] });
    expect(asked?.work.start.map(({ kind, name }) => `${kind} ${name}`)).toEqual(['effect findPerson']);
  });

  it('says what would not be taken, and stays where it is', () => {
    const { entries } = getStory('A registered person goes on to face verification');
    const events: WhatIfEvent[] = [
      { type: 'notice.proceed', kind: 'normal' },
      { type: 'xstate.done.actor.checkFace', output: { outcome: 'pass' } },
      { type: 'face.pass' },
    ];
    const steps = [...runOn(matter, entries, { seq: entries.length, events })];
    expect(steps.map(({ refused }) => refused)).toEqual([
      'event-not-allowed',
      'nobody waits for checkFace',
      'no such event, and no such timer is running',
    ]);
    expect(new Set(steps.map(({ digest }) => digest)).size).toBe(1);
  });

  it('takes what the engine wrote by itself: a person who was erased is no machine’s to refuse', () => {
    const { entries } = getStory('A registered person goes on to face verification');
    const [step] = runOn(matter, entries, { seq: entries.length, events: [{ type: 'person.erased' }] });
    expect(step?.refused).toBeUndefined();
    expect(step?.state.status).toBe('done');
  });

  it('says which guard stands in the way, and which deadline was forgotten', () => {
    const { entries } = getStory('获取验证码 sends a code and pauses the button for 60 seconds');
    const later = new Date(Date.parse(lastAt(entries)) + 61_000).toISOString();
    const [again, left] = runOn(matter, entries, {
      seq: entries.length,
      events: [{ type: 'sms.request' }, { type: 'identity.retry', at: later }],
    });
    expect(again?.refused).toContain('guard mayRequestCode');
    expect(left?.overdue.map(({ event }) => event)).toEqual(['sms.resume']);
  });
});

describe('under another version', () => {
  it('a history leads where that version leads, from its opening or from an entry on', async () => {
    const permit = await loadPermit();
    const [first, third] = [versionOf(permit, '1'), versionOf(permit, '3')];
    const { entries } = tell(first, {
      title: '',
      when: [
        { event: 'permit.send', facts: { colour: 'red' } },
        { result: 'check', output: { registered: true } },
        { event: 'permit.ask' },
        { event: 'permit.take' },
      ],
      expect: { states: ['granted'] },
    });
    const whole = [...runOn(permit, entries, { seq: 0, machine: third })];
    expect(whole.map(({ state }) => state.value)).toEqual([
      'drafting',
      'checking',
      'deciding',
      'deciding',
      'granted',
    ]);
    expect(whole.map(({ refused }) => refused !== undefined)).toEqual([false, false, false, true, false]);
    const moved = [...runOn(permit, entries, { seq: 4, machine: third })];
    expect(moved.map(({ state, matter: { version } }) => [version, state.value])).toEqual([['3', 'granted']]);
  });
});

function getStory(title: string) {
  const found = told.find((each) => each.title === title);
  if (!found) throw new Error(`no story ${title}`);
  return found;
}

function lastAt(entries: StoredEntry[]): string {
  return readEntry(entries.at(-1)?.bytes ?? '').at;
}
