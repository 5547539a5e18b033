/** A planted fault: a server that does not listen when the disk says no, and acknowledges all the same. */
import { replaceStatements } from './shim/statements.ts';

replaceStatements({
  commit(_client, really) {
    try {
      really();
    } catch (error) {
      if (!isRefusedByDisk(error)) throw error;
    }
  },
});

function isRefusedByDisk(error: unknown): boolean {
  return error instanceof Error && 'code' in error && /^SQLITE_(?:FULL|IOERR)/.test(String(error.code));
}

await import('./server-main.ts');
