/** Loaded before a server's program: it holds the other end of its parent's pipe, and must not outlive a test that was cut short. */
process.stdin.on('end', () => process.exit(1)).resume();
process.stdin.unref();
