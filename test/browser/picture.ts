import type { Page } from 'playwright-core';
import sharp from 'sharp';

/** The page as it stands, once its fonts are there. */
export async function takePicture(page: Page, file: string, fullPage = false): Promise<void> {
  // Fonts come in pieces, each asked for when a text that was drawn needs it.
  await page.waitForFunction(() => document.fonts.size > 0);
  await page.evaluate(async () => {
    for (let frame = 0; frame < 3; frame++) {
      await new Promise(requestAnimationFrame);
      await document.fonts.ready;
    }
  });
  const picture = await page.screenshot({ fullPage, animations: 'disabled' });
  await sharp(picture).png({ palette: true, colours: 64 }).toFile(file);
}
