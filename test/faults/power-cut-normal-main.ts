/** A planted fault: a server whose commits are not synced, on a database that says they are. */
import { replacePragma } from './shim/statements.ts';

const FULL = 2;
replacePragma('synchronous', 'FULL', 'NORMAL', FULL);

await import('./server-main.ts');
