import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { systemClock } from '../clock.ts';
import { ed25519Signer, ed25519Verifier } from '../log/note.ts';
import { buildWitness } from '../witness/app.ts';
import { loadWitnessKeys } from '../witness/key.ts';

const USAGE =
  'banjian witness --log KEY [--log KEY …] [--name NAME] [--folder FOLDER] [--key-file FILE] [--host HOST] [--port PORT]\n' +
  '  KEY: 日志公钥(banjian key show) · a public key of a log, as it says itself';

/** Serves add-checkpoint (C2SP tlog-witness) until it is stopped. It shows its own key at the start. */
export async function witness(args: string[]): Promise<void> {
  process.umask(0o077);
  const { logs, name, folder, keyFile, host, port } = readArgs(args);
  const { skey, vkey } = await loadWitnessKeys(keyFile, name);
  const app = buildWitness({
    folder: join(folder, 'checkpoints'),
    signer: ed25519Signer(skey),
    logs: logs.map(ed25519Verifier),
    clock: systemClock,
  });
  const address = await app.listen({ host, port });
  console.log(`见证服务已启动 · The witness is running: ${address}`);
  console.log(`在被见证的服务上设置 · Set beside the log: BANJIAN_LOG_WITNESSES='${address} ${vkey}'`);
  for (const signal of ['SIGTERM', 'SIGINT']) process.once(signal, () => void app.close());
}

function readArgs(args: string[]) {
  const { values } = parseArgs({
    args,
    options: {
      log: { type: 'string', multiple: true, default: [] },
      name: { type: 'string', default: 'witness.banjian.local' },
      folder: { type: 'string', default: './witness' },
      'key-file': { type: 'string' },
      host: { type: 'string', default: '127.0.0.1' },
      port: { type: 'string', default: '3001' },
    },
  });
  const port = /^\d{1,5}$/.test(values.port) ? Number(values.port) : Number.NaN;
  if (values.log.length === 0 || !(port <= 65_535)) throw new Error(`用法 · Usage: ${USAGE}`);
  const folder = resolve(values.folder);
  const keyFile = resolve(values['key-file'] ?? join(`${folder}.keys`, 'witness.key'));
  return { logs: values.log, name: values.name, folder, keyFile, host: values.host, port };
}
