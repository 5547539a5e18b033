/**
 * A planted fault: a server that acknowledges before it commits. On its own connection all looks as if it were done, and
 * it would be once the one large transaction ends, a minute later.
 */
import { replaceStatements } from './shim/statements.ts';

const COMMIT_AFTER_MS = 60_000;

/** The migrations at the start are not meant: they end as they should. */
let begun = false;

replaceStatements({
  'begin immediate'(client, really) {
    if (client.inTransaction) return;
    begun = true;
    really();
    setTimeout(() => client.exec('COMMIT'), COMMIT_AFTER_MS).unref();
  },
  commit(_client, really) {
    if (!begun) really();
  },
  rollback() {},
});

await import('./server-main.ts');
