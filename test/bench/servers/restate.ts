import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { startServerProcess } from '../../faults/server.ts';
import { cpuMicrosOf, type Measured, type MeasuredOptions, memoryMiBOf } from './measured.ts';

const FOLDER = fileURLToPath(new URL('../restate', import.meta.url));
const SERVICE = join(FOLDER, 'service.mjs');
const BINARY = join(
  FOLDER,
  `node_modules/@restatedev/restate-server-${process.platform}-${process.arch}/bin/restate-server`,
);
const START_MS = 60_000;
const POLL_MS = 100;

/** Two processes, as Restate is run: its server, and the service in which the machine lives. Installed when first asked for. */
export async function startRestate({ folder, people, env = {} }: MeasuredOptions): Promise<Measured> {
  await install();
  const own = await mkdtemp(join(folder, 'bench-restate-'));
  const service = await startServerProcess({
    folder: own,
    main: SERVICE,
    env: { BENCH_PEOPLE: String(people), SERVICE_PORT: String(await freePort()), RESTATE_LOGGING: 'ERROR' },
  });
  const [ingress, admin, fabric] = [await freePort(), await freePort(), await freePort()];
  const server = spawn(BINARY, ['--no-logo', '--base-dir', own, '--bind-ip', '127.0.0.1'], {
    stdio: 'ignore',
    env: {
      PATH: process.env.PATH,
      RESTATE_LISTEN_MODE: 'tcp',
      RESTATE_BIND_PORT: String(fabric),
      RESTATE_INGRESS__BIND_PORT: String(ingress),
      RESTATE_ADMIN__BIND_PORT: String(admin),
      RESTATE_DISABLE_TELEMETRY: 'true',
      ...env,
    },
  });
  const gone = once(server, 'exit');
  process.once('exit', () => server.kill('SIGKILL'));
  const pids = [service.pid, server.pid ?? 0];
  const stop = async () => {
    server.kill('SIGTERM');
    await Promise.all([gone, service.kill('SIGTERM')]);
    await rm(own, { recursive: true, force: true });
  };
  try {
    await register(`http://127.0.0.1:${admin}`, service.url);
  } catch (error) {
    await stop();
    throw error;
  }
  return {
    url: `http://127.0.0.1:${ingress}`,
    pid: service.pid,
    cpuMicros: () => pids.reduce((sum, pid) => sum + cpuMicrosOf(pid), 0),
    memoryMiB: () => pids.reduce((sum, pid) => sum + memoryMiBOf(pid), 0),
    stop,
  };
}

async function install(): Promise<void> {
  if (existsSync(BINARY)) return;
  await promisify(execFile)('npm', ['ci', '--prefix', FOLDER], { cwd: FOLDER });
  if (!existsSync(BINARY)) throw new Error(`no Restate server for ${process.platform} ${process.arch}`);
}

/** Tells the server where its service is, as soon as it listens. */
async function register(admin: string, uri: string): Promise<void> {
  const until = performance.now() + START_MS;
  for (;;) {
    const answer = await fetch(`${admin}/deployments`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ uri }),
    }).catch(() => undefined);
    if (answer?.ok) return;
    if (performance.now() > until)
      throw new Error(`Restate did not take the service: ${await answer?.text()}`);
    await delay(POLL_MS);
  }
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  server.close();
  await once(server, 'close');
  return typeof address === 'object' && address ? address.port : 0;
}
