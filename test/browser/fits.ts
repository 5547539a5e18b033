import type { Page } from 'playwright-core';
import { expect } from 'vitest';

const TARGET_PX = 44;

/** Nothing is wider than the screen, and what is to be tapped is as large as a finger. */
export async function expectFits(page: Page): Promise<void> {
  expect(await findMisfits(page)).toEqual([]);
}

export async function findMisfits(page: Page): Promise<string[]> {
  return page.evaluate((least) => {
    // A tick or a file is tapped by its words; a link within a sentence is as high as its line.
    const targetOf = (element: Element) =>
      (element.matches('input[type=checkbox],input[type=radio],input[type=file]') &&
        element.closest('label')) ||
      element;
    const small = [...document.querySelectorAll('button,a,input,select,summary')]
      .filter((element) => element.checkVisibility() && !element.matches('label a'))
      .map((element) => ({ element, box: targetOf(element).getBoundingClientRect() }))
      .filter(({ box }) => box.height < least || box.width < least)
      .map(({ element, box }) => `${element.outerHTML.slice(0, 80)} ${box.width}×${box.height}`);
    const wide = document.documentElement.scrollWidth > window.innerWidth ? ['wider than the screen'] : [];
    return [...small, ...wide];
  }, TARGET_PX);
}
