/** The server, but for a log that is brought into the database after a megabyte: cuts shall come amid that too. */
import { replacePragma } from './shim/statements.ts';

const PAGES = 8000;
replacePragma('wal_autocheckpoint', String(PAGES), '250', PAGES);

await import('./server-main.ts');
