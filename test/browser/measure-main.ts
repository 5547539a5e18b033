import { startRig } from './rig.ts';

/** How many times slower than this machine a phone is taken to be. */
const SLOWER = 4;
const RUNS = 5;

/** First paint of a first visit and of a later one, and how long a tap takes to be answered, on a throttled processor. */
async function measure(): Promise<void> {
  const rig = await startRig();
  try {
    for (let run = 0; run < RUNS; run++) {
      const page = await rig.page();
      const session = await page.context().newCDPSession(page);
      await session.send('Emulation.setCPUThrottlingRate', { rate: SLOWER });
      await page.goto('/');
      await page.getByRole('heading', { level: 1, name: '用户登录' }).waitFor();
      const paintMs = await page.evaluate(
        () => performance.getEntriesByName('first-contentful-paint')[0]?.startTime ?? Number.NaN,
      );
      const tapMs = await page.evaluate(async () => {
        const button = [...document.querySelectorAll('button')].find((one) => one.lang === 'en');
        const startedAt = performance.now();
        button?.click();
        await new Promise(requestAnimationFrame);
        await new Promise((resolve) => setTimeout(resolve));
        return performance.now() - startedAt;
      });
      console.log(`first paint ${Math.round(paintMs)} ms, a tap ${Math.round(tapMs)} ms`);
      await page.context().close();
    }
  } finally {
    await rig.close();
  }
}

await measure();
