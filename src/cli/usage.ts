/** A command typed wrong: its words say how to type it, and the exit code is 2. */
export class UsageError extends Error {
  override name = 'UsageError';
}
