/** A real server for the fault tests: the program's own wiring, with as many invented people as `PEOPLE` says. */
import { readConfig } from '../../src/config.ts';
import { startServer } from '../../src/main.ts';
import { inventPeople } from '../load/people.ts';

const { PEOPLE = '64', ...env } = process.env;
const server = await startServer(readConfig(env), { people: inventPeople(Number(PEOPLE)) });
void server.failed.then(() => process.exit(1));
process.once('SIGTERM', () => void server.stop());
console.log(`listening ${server.address}`);
