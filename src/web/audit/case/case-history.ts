import type { Problem } from '../../shared/client.ts';
import { api, ask } from '../session.ts';
import { checkChain, type Link } from './chain.ts';
import { type CaseMoment, type Entry, keyOf, type Line } from './history.ts';

/** All of a case that its page goes through: read once, so that going to and fro asks nobody. */
export interface CaseHistory {
  matter: string;
  titles: Map<string, string>;
  moments: CaseMoment[];
  /** Entries and refusals, as they came. */
  lines: Line[];
  links: Map<string, Link>;
}

type ToldMoments =
  | { error: Problem; data?: undefined }
  | { error?: undefined; data: Pick<CaseHistory, 'matter' | 'titles' | 'moments'> };

export async function readHistory(id: string) {
  const told = await readMoments(id);
  if (!told.data) return { error: told.error };
  const { data, error } = await api.GET('/v1/audit/cases/{id}/history', {
    params: { path: { id }, query: { refusals: 'true' } },
  });
  if (error) return { error };
  // What an entry is made of is the engine's to say; the document calls it an object.
  const lines = data.items.map((item): Line => ({ ...item, entry: item.entry as unknown as Entry }));
  return { data: { ...told.data, lines, links: await linksOf(lines) } satisfies CaseHistory };
}

async function readMoments(id: string, from = 1, before: CaseMoment[] = []): Promise<ToldMoments> {
  const query = { from: String(from) };
  const { data, error } = await api.GET('/v1/audit/cases/{id}/moments', { params: { path: { id }, query } });
  if (error) return { error };
  const moments = [...before, ...data.items];
  if (data.next !== null) return readMoments(id, data.next, moments);
  const titles = new Map(data.events.map(({ event, title }) => [event, title]));
  return { data: { matter: data.matter, titles, moments } };
}

async function linksOf(lines: Line[]): Promise<Map<string, Link>> {
  const links = new Map<string, Link>();
  for (const kind of ['accepted', 'refused']) {
    const chain = lines
      .filter(({ entry }) => entry.kind === kind)
      .toSorted((a, b) => a.entry.seq - b.entry.seq);
    const found = await checkChain(chain);
    for (const [index, line] of chain.entries()) links.set(keyOf(line), found[index] ?? 'broken');
  }
  return links;
}

/** Of a version of the machine; laid out by the server once. */
export async function readChart(matter: string, version: string) {
  const query = new URLSearchParams({ format: 'svg', version });
  const answer = await ask(`/v1/matters/${encodeURIComponent(matter)}/machine?${query}`);
  if ('problem' in answer) return { error: answer.problem };
  return { data: await answer.response.text() };
}
