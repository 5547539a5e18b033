/** The real server, which now and then does nothing for a while: what the checks must catch. */
import '../server-main.ts';

/** Seldom enough not to be taken for overload, which is answered at once. */
const EVERY_MS = 2_000;
const STALL_MS = 700;

setInterval(() => {
  const end = performance.now() + STALL_MS;
  while (performance.now() < end);
}, EVERY_MS).unref();
