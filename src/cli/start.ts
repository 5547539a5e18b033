import { readConfig } from '../config.ts';
import { startServer } from '../main.ts';

/** Starts the server and stops it on SIGTERM or SIGINT; a second signal does not wait. */
export async function start(): Promise<void> {
  // What this process writes is its owner's alone, in whatever folder it finds.
  process.umask(0o077);
  const config = readConfig(process.env);
  const server = await startServer(config);
  console.log(greeting(server.address, config.dataDir));
  let stopping = false;
  const stop = () => {
    if (stopping) process.exit(130);
    stopping = true;
    console.log('正在停止… · Stopping…');
    server.stop().then(
      () => console.log('已停止 · Stopped'),
      (error: unknown) => {
        console.error(error);
        process.exitCode = 1;
      },
    );
  };
  void server.failed.then((error) => {
    console.error(
      `存储设备出错,服务立即退出 · The disk has failed, the server leaves at once: ${error.message}`,
    );
    process.exit(1);
  });
  process.on('SIGTERM', stop);
  process.on('SIGINT', stop);
}

function greeting(address: string, dataDir: string): string {
  return [
    `办件已启动 · Banjian is running: ${address}`,
    `数据 · Data:            ${dataDir}`,
    `网页 · Pages:           ${address}/  ${address}/audit`,
    `接口文档 · API:         ${address}/docs`,
    `走一遍全程 · Try it:    npm run walk    (PORT 等环境变量须一致 · with the same PORT)`,
    `模拟人员 · Sample people: ${address}/simulator/people`,
  ].join('\n');
}
