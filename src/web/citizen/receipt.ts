import { untilAnswered } from './network.ts';
import { api } from './session.ts';

/** Proof that an entry is in the public log; undefined where there is none. */
export async function findReceipt(caseId: string, seq: number): Promise<Blob | undefined> {
  const path = { id: caseId, seq: String(seq) };
  const ask = () => api.GET('/v1/cases/{id}/receipts/{seq}', { params: { path }, parseAs: 'blob' });
  return (await untilAnswered(ask)).data;
}

export function saveAs(name: string, content: Blob): void {
  const link = document.createElement('a');
  link.href = URL.createObjectURL(content);
  link.download = name;
  link.click();
  URL.revokeObjectURL(link.href);
}
