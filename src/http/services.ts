import type { Runtime } from '../engine/runtime.ts';
import type { Publisher } from '../log/publisher.ts';
import type { SimulatorControl } from '../providers/simulator/index.ts';
import type { FileStore } from '../vault/files.ts';
import type { Metrics } from './metrics.ts';

/** What the HTTP layer stands on. */
export interface Services {
  runtime: Runtime;
  files: FileStore;
  /** The public log. */
  publisher: Pick<Publisher, 'findFile' | 'prove' | 'vkeys'>;
  /** Left out where real providers stand. */
  simulator?: SimulatorControl | undefined;
  /** The folder of the built pages. Left out where the API stands alone. */
  pages?: string | undefined;
}

/** The same, with what the app itself made. */
export interface HttpContext extends Services {
  metrics: Metrics;
}
