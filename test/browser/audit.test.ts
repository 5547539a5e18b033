import { readFile } from 'node:fs/promises';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { type Applicant, MATTER, newApplicant } from '../applicant.ts';
import { person } from '../promises/people.ts';
import { expectAccessible } from './accessible.ts';
import { type AuditRig, startAuditRig } from './audit-rig.ts';
import { canRunBrowser } from './chromium.ts';

const MINUTE_MS = 60_000;
/** A busy machine is given its time. */
const eventually = <T>(ask: () => T) => expect.poll(ask, { timeout: 20_000 });

describe.skipIf(!canRunBrowser)(
  'the auditors’ console (Linux on x64 only: there is a browser for that)',
  () => {
    let rig: AuditRig;
    let applicant: Applicant;
    /** Walked to its end, with two refusals on the way. */
    let walked: string;
    /** Just opened, a day later. */
    let fresh: string;
    beforeAll(async () => {
      rig = await startAuditRig();
      const { kit } = rig;
      applicant = await newApplicant(kit);
      walked = (await applicant.open()).id;
      await kit.advance(MINUTE_MS);
      await applicant.send(walked, 'form.submit', { reason: 'voluntary' });
      await kit.advance(MINUTE_MS);
      await applicant.walk(walked, person.ordinary, 'notice.reading');
      await kit.advance(MINUTE_MS);
      await applicant.send(walked, 'skip.everything');
      await kit.advance(24 * 60 * MINUTE_MS);
      await applicant.walk(walked, person.ordinary, 'submitted.awaitingEnterprise');
      fresh = (await (await newApplicant(kit)).open()).id;
    });
    afterAll(() => rig?.close());

    const settled = async (page: Page) => page.waitForLoadState('networkidle');
    const openCase = async (id: string, query = '') => {
      const page = await rig.page();
      await page.goto(`/audit/cases/${id}${query}`);
      await page.locator('.chart svg').waitFor();
      return page;
    };
    const activeIn = (page: Page) =>
      page
        .locator('.chart [data-active]')
        .evaluateAll((groups) => groups.map((group) => group.getAttribute('data-state')));
    /** What the API says, asked again while the service is busy: browser and server share a machine. */
    const read = (path: string) =>
      vi.waitFor(
        async () => {
          const answer = await rig.auditor().get(path);
          expect(answer.statusCode).toBe(200);
          return answer.json();
        },
        { timeout: 20_000 },
      );
    const replayOf = async (id: string): Promise<{ seq: number; states: string[] }[]> =>
      (await read(`/v1/audit/cases/${id}/replay`)).items;

    describe('signing in', () => {
      it('asks for an auditor’s token, says what is wrong with another, and keeps it in the tab alone', async () => {
        const page = await rig.page({ signedIn: false });
        await page.goto('/audit/cases');
        await page.getByRole('heading', { level: 1, name: '审计员登录' }).waitFor();
        await expectAccessible(page);
        const field = page.getByLabel('审计员令牌');
        const enter = page.getByRole('button', { name: '登录' });
        await enter.click();
        await page.getByRole('alert').getByText('请输入审计员令牌').waitFor();
        await field.fill('nobody');
        await enter.click();
        await page.getByRole('alert').getByText('令牌无效').waitFor();
        await field.fill((await rig.kit.staff('officer')).token ?? '');
        await enter.click();
        await page.getByRole('alert').getByText('不属于审计员').waitFor();
        await expectAccessible(page);
        await field.fill(rig.token);
        await field.press('Enter');
        await page.getByRole('heading', { level: 1, name: '办件', exact: true }).waitFor();

        const kept = await page.evaluate(() => [Object.entries(localStorage), document.cookie]);
        expect(JSON.stringify(kept)).not.toContain(rig.token);
        const other = await page.context().newPage();
        await other.goto('/audit');
        await other.getByRole('heading', { level: 1, name: '审计员登录' }).waitFor();

        await page.getByRole('button', { name: '退出' }).click();
        await page.getByRole('heading', { level: 1, name: '审计员登录' }).waitFor();
        await page.reload();
        await page.getByRole('heading', { level: 1, name: '审计员登录' }).waitFor();
        await page.context().close();
      });
    });

    describe('searching', () => {
      const rows = (page: Page) => page.locator('main table tbody tr');

      it('finds by state and day; what was looked for stands in the address, and back and forward lead through it', async () => {
        const page = await rig.page();
        await page.goto('/audit/cases');
        await eventually(() => rows(page).count()).toBe(2);
        await page.getByLabel('状态', { exact: true }).fill('submitted');
        await page.getByRole('button', { name: '查询' }).click();
        await eventually(() => rows(page).count()).toBe(1);
        expect(new URL(page.url()).search).toBe('?state=submitted');
        await page.getByLabel('状态', { exact: true }).fill('');
        await page.getByLabel('开启日期自').fill('2026-11-24');
        await page.getByRole('button', { name: '查询' }).click();
        await page.getByTitle(fresh).waitFor();
        expect(new URL(page.url()).search).toBe('?openedFrom=2026-11-24');
        await page.goBack();
        await page.getByTitle(walked).waitFor();
        expect(await page.getByLabel('状态', { exact: true }).inputValue()).toBe('submitted');
        await page.goForward();
        await page.getByTitle(fresh).waitFor();
        expect(await rows(page).count()).toBe(1);

        const shared = await rig.page();
        await shared.goto(`/audit/cases?matter=${MATTER}&openedFrom=2026-11-23&openedTo=2026-11-23`);
        await shared.getByTitle(walked).waitFor();
        expect(await rows(shared).count()).toBe(1);
        expect(await shared.getByLabel('事项').inputValue()).toBe(MATTER);
        await shared.getByRole('button', { name: '清除条件' }).click();
        await eventually(() => rows(shared).count()).toBe(2);
        expect(new URL(shared.url()).search).toBe('');
        await Promise.all([page.context().close(), shared.context().close()]);
      });

      it('counts the cases of every state, and a count leads to its cases', async () => {
        const page = await rig.page();
        await page.goto('/audit/cases');
        const counts = page.getByRole('navigation', { name: '各状态办件数' });
        await counts.getByRole('link', { name: 'awaitingEnterprise 1' }).click();
        await page.getByTitle(walked).waitFor();
        expect(new URL(page.url()).search).toBe('?state=submitted.awaitingEnterprise');
        expect(await rows(page).count()).toBe(1);
        await expectAccessible(page);
        await page.context().close();
      });

      it('opens a case by its id, and says so when there is none', async () => {
        const page = await rig.page();
        await page.goto('/audit/cases');
        await page.getByLabel('办件编号').fill('nothing-here');
        await page.getByLabel('办件编号').press('Enter');
        await page.getByRole('alert').getByText('case-not-found').waitFor();
        await expectAccessible(page);
        await page.context().close();
      });
    });

    describe('a case', () => {
      it('stands in the chart, at every entry, where replay says, and allows what was then allowed', async () => {
        const page = await openCase(walked, '?at=1');
        const replayed = await replayOf(walked);
        expect(replayed.length).toBeGreaterThan(12);
        for (const { seq, states } of replayed) {
          await page.getByText(`${seq} / ${replayed.length}`).waitFor();
          expect([seq, await activeIn(page)]).toEqual([seq, states]);
          const then = (await applicant.ask('GET', `/v1/cases/${walked}?asOf=${seq}`)).body;
          const shown = await page.locator('.allowed code').allTextContents();
          expect([seq, shown]).toEqual([seq, then.allowed.map(({ event }: { event: string }) => event)]);
          await page.keyboard.press('ArrowRight');
        }
        expect(new URL(page.url()).search).toBe(`?at=${replayed.length}`);
        await expectAccessible(page);
        await page.context().close();
      });

      it('marks the way taken, and this step’s apart from it', async () => {
        const page = await openCase(walked, '?at=3');
        const { items } = await read(`/v1/audit/cases/${walked}/moments`);
        const marked = (way: string) =>
          page
            .locator(`.chart g[data-way="${way}"]`)
            .evaluateAll((labels) => labels.map((label) => Number(label.getAttribute('data-transition'))));
        expect(await marked('last')).toEqual(items[2].ways);
        expect(await marked('taken')).toEqual(items[1].ways);
        await page.context().close();
      });

      it('is gone through with buttons, keys and by dragging; a reload stays where it was', async () => {
        const page = await openCase(walked);
        const length = (await replayOf(walked)).length;
        const at = (seq: number) => page.getByText(`${seq} / ${length}`).waitFor();
        await at(length);
        await page.getByRole('button', { name: '第一条', exact: true }).click();
        await at(1);
        await page.getByRole('button', { name: '下一条' }).click();
        await at(2);
        await page.getByRole('button', { name: '上一条' }).click();
        await at(1);
        await page.keyboard.press('End');
        await at(length);
        await page.keyboard.press('Home');
        await at(1);
        const slider = page.getByRole('slider', { name: '记录序号' });
        const box = await slider.boundingBox();
        if (!box) throw new Error('no slider');
        await page.mouse.move(box.x + 8, box.y + box.height / 2);
        await page.mouse.down();
        await page.mouse.move(box.x + box.width / 2, box.y + box.height / 2, { steps: 4 });
        await page.mouse.up();
        const middle = Number(await slider.inputValue());
        expect(middle).toBeGreaterThan(length / 3);
        expect(middle).toBeLessThan((length * 2) / 3);
        await at(middle);
        await slider.press('ArrowLeft');
        await at(middle - 1);
        await page.reload();
        await page.locator('.chart svg').waitFor();
        await at(middle - 1);
        await page.context().close();
      });

      it('shows refusals in their place, in another colour, with what they were refused for', async () => {
        const page = await openCase(walked);
        const lines = page.locator('.timeline li');
        const kinds = await lines.evaluateAll((items) => items.map((item) => item.className.split(' ')[0]));
        expect(kinds.slice(0, 3)).toEqual(['accepted', 'refused', 'accepted']);
        expect(kinds.filter((kind) => kind === 'refused')).toHaveLength(2);
        const ground = (kind: string) =>
          page
            .locator(`.timeline .${kind} button`)
            .first()
            .evaluate((button) => getComputedStyle(button).backgroundColor);
        expect(await ground('refused')).not.toBe(await ground('accepted'));
        await lines.nth(1).getByRole('button').click();
        const panel = page.locator('.entry.refused');
        await panel.getByText('event-not-allowed').waitFor();
        await panel.getByText('form.submit').waitFor();
        await panel.getByText('链 成立').waitFor();
        expect(await activeIn(page)).toEqual(['identity.entering']);
        await expectAccessible(page);
        await page.context().close();
      });

      it('tells an entry that was changed from one that holds', async () => {
        const page = await rig.page();
        await page.route('**/history?*', async (route) => {
          const answer = await route.fetch();
          const body = await answer.text();
          await route.fulfill({
            response: answer,
            body: body.replaceAll(String.raw`\"consent\":true`, String.raw`\"consent\":null`),
          });
        });
        await page.goto(`/audit/cases/${walked}?at=1`);
        await page.locator('.chart svg').waitFor();
        await page.locator('.entry').getByText('链 成立').waitFor();
        await page.locator('.timeline li.broken').first().getByRole('button').click();
        await page.locator('.entry').getByText('链 不成立').waitFor();
        expect(await page.locator('.entry').textContent()).toContain('face.begin');
        await page.context().close();
      });

      it('gives the receipt of an entry, and of a refusal', async () => {
        const page = await openCase(walked, '?at=2');
        const button = page.getByRole('button', { name: '下载回执' });
        const fetchOne = async () => {
          const [download] = await Promise.all([page.waitForEvent('download'), button.click()]);
          return readFile(await download.path(), 'utf8');
        };
        const proof = await fetchOne();
        expect(proof).toMatch(/^c2sp.org\/tlog-proof@v1\n/);
        const extra = Buffer.from(/^extra (.*)$/m.exec(proof)?.[1] ?? '', 'base64').toString();
        expect(JSON.parse(extra)).toMatchObject({ case: walked, seq: 2, kind: 'accepted' });
        await page.getByText('公开日志叶号').waitFor();
        await page.locator('.timeline .refused button').first().click();
        expect(Buffer.from(/^extra (.*)$/m.exec(await fetchOne())?.[1] ?? '', 'base64').toString()).toContain(
          '"kind":"refused"',
        );
        await page.context().close();
      });

      it('masks what is personal; to show one value is to say why, and that is recorded first', async () => {
        const page = await openCase(walked);
        const { name, idNumber } = person.ordinary;
        await page.getByText('个人信息', { exact: true }).click();
        const values = page.locator('.personal');
        await values.getByText(`${idNumber.slice(0, 5)}*************`).waitFor();
        for (const value of [name, idNumber]) expect(await page.content()).not.toContain(value);
        await page.getByRole('button', { name: '显示 身份证号码' }).click();
        const show = page.getByRole('button', { name: '记录并显示' });
        await show.click();
        expect(await page.content()).not.toContain(idNumber);
        await page.getByLabel('理由').selectOption('complaint');
        await page.getByLabel('案卷编号').fill('FJ-2026-17');
        await expectAccessible(page);
        await show.click();
        await values.getByText(idNumber).waitFor();
        expect(await page.content()).not.toContain(name);
        const { items } = (await rig.auditor().get(`/v1/audit/cases/${walked}/reads`)).json();
        const told = items.map(({ entry }: { entry: { data: object } }) => entry.data);
        expect(told).toContainEqual(
          expect.objectContaining({ asked: { field: 'idNumber' }, purpose: 'complaint', ref: 'FJ-2026-17' }),
        );
        await page.getByText('查阅记录', { exact: true }).click();
        await page.getByRole('cell', { name: '投诉举报处理 FJ-2026-17 idNumber' }).waitFor();
        await expectAccessible(page);
        await page.getByRole('button', { name: '隐藏 身份证号码' }).click();
        expect(await page.content()).not.toContain(idNumber);
        await page.context().close();
      });

      it('says that everything was verified', async () => {
        const page = await openCase(walked);
        await eventually(() => page.locator('.mark[role=status]').textContent()).toContain('全部成立');
        await page.context().close();
      });
    });

    describe('the overview', () => {
      it('says in tables what it shows in charts, for the days that stand in the address', async () => {
        const page = await rig.page();
        await page.goto('/audit?days=7');
        await page.getByText('以表格查看').click();
        const days = page.getByRole('table', { name: '每日开启、提交与结束' });
        const cells = await days
          .locator('tbody tr')
          .evaluateAll((rows) =>
            rows.map((row) => [...row.querySelectorAll('td')].map((cell) => cell.textContent)),
          );
        expect(cells).toHaveLength(7);
        expect(cells.slice(-2)).toEqual([
          ['2026-11-23', '1', '0', '0'],
          ['2026-11-24', '1', '1', '0'],
        ]);
        const standing = page.getByRole('table', { name: '办件停留在哪里、多久' });
        expect(await standing.getByRole('link').allTextContents()).toEqual([
          'identity.entering',
          'submitted.awaitingEnterprise',
        ]);
        await expectAccessible(page);
        await page.getByRole('radio', { name: '90 天' }).check();
        await eventually(() => new URL(page.url()).search).toBe('?days=90');
        await eventually(() => days.locator('tbody tr').count()).toBe(90);
        await standing.getByRole('link', { name: 'identity.entering' }).click();
        await page.getByTitle(fresh).waitFor();
        await page.context().close();
      });
    });

    describe('exports', () => {
      it.each([
        ['jsonl', /"v":1/],
        ['ocel', /objectTypes/],
        ['xes', /<log/],
      ])('the log as %s, and says how far it is', async (format, content) => {
        const page = await rig.page();
        await page.goto('/audit');
        const button = page.getByRole('button', { name: format, exact: true });
        await button.waitFor();
        const [download] = await Promise.all([page.waitForEvent('download'), button.click()]);
        expect(await readFile(await download.path(), 'utf8')).toMatch(content);
        await page.getByText(`已导出 ${format} · `).waitFor();
        await page.context().close();
      });

      it('are none when they break off', async () => {
        const page = await rig.page();
        await page.goto('/audit');
        const button = page.getByRole('button', { name: 'jsonl', exact: true });
        await button.waitFor();
        await page.route('**/v1/audit/export?*', (route) => route.abort('connectionreset'));
        await button.click();
        await page.getByRole('alert').getByText('导出中断').waitFor();
        expect(await page.getByText('已导出').count()).toBe(0);
        await page.context().close();
      });
    });

    describe('questions', () => {
      it('are those of the API, each with its form; who tried to skip a step is one of them', async () => {
        const page = await rig.page();
        await page.goto('/audit/questions');
        await page.getByRole('link', { name: '谁试图跳过步骤' }).click();
        await page.getByLabel('case').fill(walked);
        await page.getByRole('button', { name: '查询' }).click();
        const table = page.getByRole('table', { name: '谁试图跳过步骤' });
        await eventually(() => table.locator('tbody tr').count()).toBe(2);
        expect(await table.textContent()).toContain('form.submit');
        expect(new URL(page.url()).searchParams.get('case')).toBe(walked);
        await expectAccessible(page);
        await table.getByTitle(walked).first().click();
        await page.locator('.chart svg').waitFor();
        await page.goBack();
        await page.getByRole('link', { name: '在某状态停留过久的办件' }).click();
        await page.getByLabel('state').fill('submitted');
        await page.getByLabel('longerThan').fill('3 days');
        await page.getByRole('button', { name: '查询' }).click();
        await page.getByRole('alert').getByText('/longerThan').waitFor();
        await expectAccessible(page);
        await page.context().close();
      });
    });

    it('speaks English too', async () => {
      const page = await openCase(walked, '?at=2');
      await page.getByRole('button', { name: 'English' }).click();
      await page.getByRole('heading', { name: 'State chart' }).waitFor();
      await page.reload();
      await page.getByRole('link', { name: 'Overview' }).click();
      await page.getByRole('heading', { level: 1, name: 'Overview' }).waitFor();
      await settled(page);
      await expectAccessible(page);
      await page.context().close();
    });

    it('is walked by keyboard alone, from the sign-in to a refusal', async () => {
      const page = await rig.page({ signedIn: false });
      await page.goto('/audit/cases?state=submitted');
      await page.getByLabel('审计员令牌').waitFor();
      const tabTo = async (holds: () => Promise<boolean>) => {
        for (let tabs = 0; tabs < 80; tabs++) {
          if (await holds()) return;
          await page.keyboard.press('Tab');
        }
        throw new Error('not to be reached by Tab');
      };
      const focused = (selector: string) => () =>
        page.evaluate((wanted) => document.activeElement?.matches(wanted) ?? false, selector);
      await tabTo(focused('#token'));
      await page.keyboard.type(rig.token);
      await page.keyboard.press('Enter');
      await page.getByTitle(walked).waitFor();
      await tabTo(focused(`[title="${walked}"]`));
      await page.keyboard.press('Enter');
      await page.locator('.chart svg').waitFor();
      await tabTo(focused('input[type=range]'));
      await page.keyboard.press('Home');
      await page.getByText('1 / ').first().waitFor();
      await tabTo(focused('section.chart'));
      await tabTo(focused('.timeline .refused button'));
      await page.keyboard.press('Enter');
      expect(await page.locator('.entry.refused').textContent()).toContain('event-not-allowed');
      await page.context().close();
    });

    it('has a word for an address that leads nowhere', async () => {
      const page = await rig.page();
      await page.goto('/audit/nowhere');
      await page.getByRole('heading', { level: 1, name: '没有这个页面' }).waitFor();
      await expectAccessible(page);
      await page.context().close();
    });
  },
);
