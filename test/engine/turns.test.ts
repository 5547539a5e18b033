import { expect, test } from 'vitest';
import { createTurns } from '../../src/engine/turns.ts';

/** Work that ends when it is told to. */
function heldWork(name: string, seen: string[]) {
  let end: () => void = () => {};
  const held = new Promise<void>((resolve) => (end = resolve));
  const work = async () => {
    seen.push(`${name} begins`);
    await held;
    seen.push(`${name} ends`);
    return name;
  };
  return { work, end: () => end() };
}

test('for one case one comes after another, in the order of asking; another case waits for none of them', async () => {
  const turns = createTurns();
  const seen: string[] = [];
  const [one, two, other] = ['one', 'two', 'other'].map((name) => heldWork(name, seen));
  if (!one || !two || !other) throw new Error('three');
  const first = turns.take('a', one.work);
  const second = turns.take('a', two.work);
  const apart = turns.take('b', other.work);
  other.end();
  expect(await apart).toBe('other');
  two.end();
  one.end();
  expect(await Promise.all([first, second])).toEqual(['one', 'two']);
  expect(seen).toEqual(['one begins', 'other begins', 'other ends', 'one ends', 'two begins', 'two ends']);
});

test('one that fails is told so, and the next has its turn all the same', async () => {
  const turns = createTurns();
  const failed = turns.take('a', async () => {
    throw new Error('no');
  });
  const next = turns.take('a', async () => 'yes');
  await expect(failed).rejects.toThrow('no');
  expect(await next).toBe('yes');
});
