import type { PersonSample } from '../../../src/providers/simulator/people-samples.ts';
import { type Connection, connect, type Reply } from '../../load/connection.ts';
import { must, newWalker, openCase, type Walker } from '../../load/walker.ts';

/** A device with a case that asks who is there. */
export interface Device extends Walker {
  connection: Connection;
  caseId: string;
}

export async function newDevice(url: string, person: PersonSample): Promise<Device> {
  const connection = connect(url);
  const walker = await newWalker(connection, person);
  const { id } = (await must(openCase(connection, walker))).body;
  return { ...walker, connection, caseId: id };
}

export function send(
  { connection, token, caseId }: Device,
  event: string,
  body: object,
  headers: Record<string, string> = {},
): Promise<Reply> {
  const path = `/v1/cases/${caseId}/events/${event}`;
  return connection.call({ method: 'POST', path, token, body, headers });
}

async function look({ connection, token, caseId }: Device): Promise<Reply> {
  return must(connection.call({ method: 'GET', path: `/v1/cases/${caseId}`, token }));
}

/** Another case on the same device, as fresh as the first. */
export async function beginAgain(device: Device): Promise<void> {
  await must(send(device, 'case.withdraw', {}));
  device.caseId = (await must(openCase(device.connection, device))).body.id;
}

/** Until whatever the case was waiting for has come. */
export async function settle(device: Device): Promise<void> {
  for (;;) {
    const { states } = (await look(device)).body;
    if (!states.includes('identity.checking')) return;
  }
}
