import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { inventPeople } from '../load/people.ts';
import { must } from '../load/walker.ts';
import { askInTurn, type Groups, type Question } from './identity/ask.ts';
import { findTells, isInDoubt, medianOf } from './identity/compare.ts';
import { sendAll } from './identity/crowd.ts';
import { type Device, newDevice, send } from './identity/device.ts';
import { report, sized } from './scale.ts';
import { withServer } from './server.ts';

/** Names of one length only, or a mask would show who is who: the first hundred of the invented have shorter ones. */
const FIRST = 100;
const COUNT = sized(20, 300);

function peopleOf(count: number) {
  const all = inventPeople(FIRST + 2 * count);
  return { known: all.slice(FIRST, FIRST + count), unknown: all.slice(FIRST + count) };
}

const TELLING = fileURLToPath(new URL('./identity/telling-main.ts', import.meta.url));
const atOnce: Question = {
  typed: ({ name, idNumber }) => ({ name, idNumber }),
  headers: { prefer: 'wait=0' },
};
const underAnotherName: Question = { typed: ({ idNumber }) => ({ name: '例不是', idNumber }), headers: {} };
const mistyped: Question = {
  typed: ({ name, idNumber }) => ({
    name,
    idNumber: `${idNumber.slice(0, 17)}${idNumber.endsWith('0') ? '1' : '0'}`,
  }),
  headers: {},
};

/** Asked again when in doubt, and then judged by all answers together. */
const TIMES = 3;

async function compare(url: string, count: number, question: Question): Promise<Groups> {
  const all: Groups = { known: [], unknown: [] };
  for (let time = 0; time < TIMES && (time === 0 || isInDoubt(all.known, all.unknown)); time++) {
    const { known, unknown } = await askInTurn(url, peopleOf(count), question);
    all.known.push(...known);
    all.unknown.push(...unknown);
  }
  return all;
}

async function findAnyTells(url: string, when: string, question: Question): Promise<string[]> {
  const { known, unknown } = await compare(url, COUNT, question);
  const medians = [known, unknown].map((group) => `${group.length}: ${medianOf(group).toFixed(2)} ms`);
  report(`${when}: ${known[0]?.reply.status}, medians of known and unknown, ${medians.join(', ')}`);
  if (known.length < COUNT) throw new Error('too few were asked about');
  return findTells(known, unknown);
}

describe('who is known cannot be told: same bytes, same headers, same time', () => {
  it('before the registry has answered, under another name, and with a mistake in the ID number', {
    timeout: 600_000,
  }, async () => {
    await withServer({ people: FIRST + COUNT }, async ({ url }) => {
      expect(await findAnyTells(url, 'before the registry has answered', atOnce)).toEqual([]);
      expect(await findAnyTells(url, 'a known ID number under another name', underAnotherName)).toEqual([]);
      expect(await findAnyTells(url, 'an ID number with a mistake in it', mistyped)).toEqual([]);
    });
  });

  it('from being asked to come again', { timeout: 300_000 }, async () => {
    const env = { BANJIAN_IDENTITY_PER_HOUR: '1' };
    await withServer({ people: FIRST + COUNT, env }, async ({ url }) => {
      await askInTurn(url, peopleOf(1), atOnce);
      expect(await findAnyTells(url, 'asked to come again', atOnce)).toEqual([]);
    });
  });

  it('and it would notice: a registry that is late and falls over for those it knows is found', {
    timeout: 120_000,
  }, async () => {
    const count = 2;
    await withServer({ main: TELLING, people: FIRST + count }, async ({ url }) => {
      const { known, unknown } = await askInTurn(url, peopleOf(count), underAnotherName);
      expect(findTells(known, unknown)).toEqual([
        expect.stringMatching(/^2 shapes/),
        expect.stringMatching(/^the medians are/),
      ]);
    });
  });
});

const CROWD = 60;
const IDENTITY_AN_HOUR = 50;
const SMS_AN_HOUR = 12;
/** Of one number: figure 6. */
const SMS_A_NUMBER = 5;

const WAYS = (['many connections', 'one connection'] as const).flatMap((over) =>
  Array.from({ length: sized(1, 5) }, () => over),
);

async function gather(url: string, size: number): Promise<Device[]> {
  const crowd: Device[] = [];
  for (const person of inventPeople(FIRST + size).slice(FIRST)) crowd.push(await newDevice(url, person));
  return crowd;
}

function checksOf(crowd: Device[]) {
  return crowd.map((device) => ({ device, body: atOnce.typed(device.person) }));
}

describe.concurrent('limits hold when everyone asks at once', () => {
  it.each(WAYS)(
    'over %s: exactly as many get through as may, the rest is told when to come back',
    {
      timeout: 120_000,
    },
    async (over) => {
      const env = {
        BANJIAN_IDENTITY_PER_HOUR: String(IDENTITY_AN_HOUR),
        BANJIAN_SMS_PER_HOUR: String(SMS_AN_HOUR),
      };
      await withServer({ people: 1, env }, async ({ url }) => {
        const crowd = await gather(url, CROWD);
        const checked = await sendAll(url, over, 'identity.submit', checksOf(crowd));
        expect(tally(checked)).toEqual({ through: IDENTITY_AN_HOUR, toldWhen: CROWD - IDENTITY_AN_HOUR });

        const registering = crowd.filter((_, at) => checked[at]?.status === 200);
        for (const device of registering) await must(send(device, 'registration.begin', {}));
        const toOne = registering.map((device) => ({ device, body: { mobile: '15419999999' } }));
        const sentToOne = await sendAll(url, over, 'sms.request', toOne);
        expect(tally(sentToOne)).toEqual({
          through: SMS_A_NUMBER,
          toldWhen: IDENTITY_AN_HOUR - SMS_A_NUMBER,
        });

        const others = registering.filter((_, at) => sentToOne[at]?.status !== 200);
        const toAll = others.map((device) => ({ device, body: { mobile: device.person.mobile } }));
        const left = SMS_AN_HOUR - SMS_A_NUMBER;
        expect(tally(await sendAll(url, over, 'sms.request', toAll))).toEqual({
          through: left,
          toldWhen: others.length - left,
        });
        for (const { connection } of crowd) connection.close();
      });
    },
  );

  it('and it would notice: a server that lets one more through is found', { timeout: 60_000 }, async () => {
    const limit = 4;
    await withServer(
      { people: 1, env: { BANJIAN_IDENTITY_PER_HOUR: String(limit + 1) } },
      async ({ url }) => {
        const crowd = await gather(url, 8);
        const checked = await sendAll(url, 'one connection', 'identity.submit', checksOf(crowd));
        expect(tally(checked)).not.toEqual({ through: limit, toldWhen: 8 - limit });
        expect(tally(checked)).toEqual({ through: limit + 1, toldWhen: 8 - limit - 1 });
        for (const { connection } of crowd) connection.close();
      },
    );
  });
});

function tally(answers: { status: number; retryAfter: number }[]) {
  return {
    through: answers.filter(({ status }) => status === 200).length,
    toldWhen: answers.filter(({ status, retryAfter }) => status === 429 && retryAfter >= 1).length,
  };
}
