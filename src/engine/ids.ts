import { randomBytes } from 'node:crypto';

/** 128 bits of the system's random source, base64url: a case, a person, a fault's number. */
export function newId(): string {
  return randomBytes(16).toString('base64url');
}

/** 256 bits: a bearer token. */
export function newToken(): string {
  return randomBytes(32).toString('base64url');
}
