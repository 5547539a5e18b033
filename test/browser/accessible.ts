import axe from 'axe-core';
import type { Page } from 'playwright-core';
import { expect } from 'vitest';

const RULES = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'];

/**
 * Nothing that axe-core knows of WCAG 2.2 AA, and of good practice, is wrong with the page as it stands, and it shows no
 * word that nobody wrote.
 */
export async function expectAccessible(page: Page): Promise<void> {
  expect(await findViolations(page)).toEqual([]);
  expect(await findUnmeant(page)).toEqual([]);
}

/** An only child that is `false` is drawn as that word. A fact of a machine may be false: those stand in lists and tables. */
async function findUnmeant(page: Page): Promise<string[]> {
  return page.evaluate(() => {
    const found: string[] = [];
    const texts = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
    for (let node = texts.nextNode(); node; node = texts.nextNode()) {
      const isMeant = node.parentElement?.closest('dd, td, code') !== null;
      if (!isMeant && /^(?:false|true|undefined|null|NaN|\[object .*)$/.test(node.textContent?.trim() ?? ''))
        found.push(node.parentElement?.outerHTML ?? '');
    }
    return found;
  });
}

export async function findViolations(page: Page): Promise<string[]> {
  // Evaluated by the debugger, not as a script of the page: its policy need not be weakened for that.
  await page.evaluate(axe.source);
  return page.evaluate(async (rules) => {
    const { violations } = await window.axe.run(document, { runOnly: { type: 'tag', values: rules } });
    return violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(' | ')}`);
  }, RULES);
}

declare global {
  interface Window {
    axe: typeof axe;
  }
}
