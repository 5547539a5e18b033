import { ownHeaders } from './session.ts';

/** Proof that an entry is in the public log; undefined while there is none, or no log. */
export async function findReceipt(caseId: string, seq: number): Promise<Blob | undefined> {
  const response = await fetch(`/v1/cases/${caseId}/receipts/${seq}`, { headers: ownHeaders() }).catch(
    () => undefined,
  );
  return response?.ok ? response.blob() : undefined;
}

export function saveAs(name: string, content: Blob): void {
  const link = document.createElement('a');
  link.href = URL.createObjectURL(content);
  link.download = name;
  link.click();
  URL.revokeObjectURL(link.href);
}
