import { randomBytes } from 'node:crypto';

/**
 * 128 bits of the system's random source, base64url: a case, a person, a fault's number. Never one that begins with a
 * hyphen: on a command line it would be taken for an option.
 */
export function newId(): string {
  const id = randomBytes(16).toString('base64url');
  return id.startsWith('-') ? newId() : id;
}

/** 256 bits: a bearer token. */
export function newToken(): string {
  return randomBytes(32).toString('base64url');
}
