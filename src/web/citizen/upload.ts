import { type Problem, problemOf } from '../shared/client.ts';
import { untilAnswered } from './network.ts';
import { api, ownHeaders } from './session.ts';

export interface UploadOptions {
  caseId: string;
  material: string;
  file: File;
  /** The same over all tries. */
  key: string;
  /** 0 to 1. */
  onProgress: (part: number) => void;
}

/** Figure 9: a file on its way, with how far it is. fetch does not say that yet. */
export function uploadFile(options: UploadOptions): Promise<{ problem?: Problem }> {
  return untilAnswered(async () => {
    const { status, body, retryAfterMs } = await sendOnce(options);
    if (status === 503) return { afterMs: retryAfterMs };
    return status < 300 ? {} : { problem: problemOf(status, body) };
  });
}

interface UploadAnswer {
  status: number;
  body: unknown;
  retryAfterMs: number;
}

function sendOnce({ caseId, material, file, key, onProgress }: UploadOptions): Promise<UploadAnswer> {
  const form = new FormData();
  form.set('material', material);
  form.set('file', file, file.name);
  return new Promise((resolve, reject) => {
    const request = new XMLHttpRequest();
    request.open('POST', `/v1/cases/${caseId}/attachments`);
    for (const [name, value] of Object.entries(ownHeaders())) request.setRequestHeader(name, value);
    request.setRequestHeader('idempotency-key', key);
    request.responseType = 'json';
    request.upload.addEventListener('progress', ({ loaded, total }) => onProgress(loaded / total));
    request.addEventListener('load', () => {
      const retryAfterMs = Number(request.getResponseHeader('retry-after') ?? 1) * 1000;
      resolve({ status: request.status, body: request.response, retryAfterMs });
    });
    request.addEventListener('error', () => reject(new TypeError('no answer')));
    request.send(form);
  });
}

export async function removeFile(caseId: string, attachment: string): Promise<{ problem?: Problem }> {
  const header = { 'idempotency-key': crypto.randomUUID() };
  const path = { id: caseId, attachment };
  const { error } = await untilAnswered(() =>
    api.DELETE('/v1/cases/{id}/attachments/{attachment}', { params: { path, header } }),
  );
  return error ? { problem: error } : {};
}

/** The picture itself: an address alone would carry no token. */
export async function readFile(caseId: string, attachment: string): Promise<Blob | undefined> {
  const response = await fetch(`/v1/cases/${caseId}/attachments/${attachment}`, {
    headers: ownHeaders(),
  }).catch(() => undefined);
  return response?.ok ? response.blob() : undefined;
}
