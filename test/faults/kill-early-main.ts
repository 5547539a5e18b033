/**
 * A planted fault: a server that acknowledges before it commits. On its own connection all looks as if it were done, and
 * it would be once the one large transaction ends, a minute later.
 */
import { replaceStatements } from './shim/statements.ts';

const COMMIT_AFTER_MS = 60_000;

replaceStatements({
  'begin immediate'(client, really) {
    if (client.inTransaction) return;
    really();
    setTimeout(() => client.exec('COMMIT'), COMMIT_AFTER_MS).unref();
  },
  commit() {},
  rollback() {},
});

await import('./server-main.ts');
