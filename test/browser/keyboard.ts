import type { Page } from 'playwright-core';

type Name = string | RegExp;

/** Hands that have a keyboard and nothing else. */
export interface Hands {
  /** Tabs until this has the focus. */
  reach(name: Name): Promise<void>;
  press(name: Name): Promise<void>;
  tick(name: Name): Promise<void>;
  type(name: Name, text: string): Promise<void>;
  /** An option of a list, by the first keys of its name. */
  pick(name: Name, option: string): Promise<void>;
}

const MOST_STOPS = 80;

export function createHands(page: Page): Hands {
  const reach = async (name: Name) => {
    const passed: string[] = [];
    for (let stop = 0; stop < MOST_STOPS; stop++) {
      const focused = await page.evaluate(nameOfFocused);
      if (typeof name === 'string' ? focused === name : name.test(focused)) return;
      passed.push(focused);
      await page.keyboard.press('Tab');
    }
    throw new Error(`the keyboard does not reach ${name}: it passes ${passed.join(' · ')}`);
  };
  return {
    reach,
    async press(name) {
      await reach(name);
      await page.keyboard.press('Enter');
    },
    async tick(name) {
      await reach(name);
      await page.keyboard.press('Space');
    },
    async type(name, text) {
      await reach(name);
      await page.keyboard.insertText(text);
    },
    async pick(name, option) {
      await reach(name);
      await page.keyboard.type(option);
    },
  };
}

/** Its label, or what it says itself. */
function nameOfFocused(): string {
  const focused = document.activeElement;
  if (!focused || focused === document.body) return '';
  const [label] =
    focused instanceof HTMLInputElement || focused instanceof HTMLSelectElement ? (focused.labels ?? []) : [];
  return (label ?? focused).textContent.trim();
}
