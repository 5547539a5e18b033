/** What `sha256sum -c` reads: one file a line, its digest first, two spaces, its path with `/` between folders. */
export const SUMS = 'SHA256SUMS';

/** Digests in hex by path. In the order of the paths, so that there is one way to write them. */
export function writeSums(digests: ReadonlyMap<string, string>): string {
  return [...digests]
    .toSorted(([a], [b]) => (a < b ? -1 : 1))
    .map(([path, digest]) => `${digest}  ${path}\n`)
    .join('');
}

const LINE = /^([0-9a-f]{64}) {2}([\w@.-]+(?:\/[\w@.-]+)*)$/;

/** Undefined unless it is written exactly as `writeSums` writes it. */
export function findSums(text: string): Map<string, string> | undefined {
  const digests = new Map<string, string>();
  for (const line of text.split('\n').slice(0, -1)) {
    const [, digest, path] = LINE.exec(line) ?? [];
    if (digest === undefined || path === undefined) return undefined;
    digests.set(path, digest);
  }
  return writeSums(digests) === text ? digests : undefined;
}
