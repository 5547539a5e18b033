import type { ChainKind, LogEntry, Store } from '../db/store.ts';
import type { Entry, ServiceEntry } from '../engine/types.ts';
import { hashLeaf } from '../log/tree.ts';

/** Which entries are wanted. Entries that belong to no case belong to no matter either. */
export interface Selection {
  matter?: string;
  /** Inclusive. Both ends are RFC 3339 UTC with milliseconds, as entries have them. */
  from?: string;
  /** Exclusive. */
  to?: string;
}

/** An entry on its way out: where it stands in the log, its bytes as they are stored, and what they say. */
export interface ExportedEntry extends LogEntry {
  /** The hash of its leaf (RFC 6962), hex. */
  leaf: string;
  entry: Entry | ServiceEntry;
}

/** The log as it was when the export began: what is written meanwhile is no part of it. */
export interface ExportSource {
  /** How many entries there are to go through, wanted or not. */
  size: number;
  /** The wanted ones in log order. Each call goes through the log anew, so that no format has to hold it all. */
  entries(): AsyncGenerator<ExportedEntry>;
}

/** What is told as events where a format tells events; a format that writes the log itself leaves nothing out. */
export interface ExportOptions {
  kinds: ReadonlySet<ChainKind>;
}

/** What happened, and if wanted what was refused and who read it. */
export function kindsOf({
  refusals,
  reads,
}: {
  refusals?: boolean;
  reads?: boolean;
}): ReadonlySet<ChainKind> {
  return new Set<ChainKind>([
    'accepted',
    ...(refusals ? ['refused' as const] : []),
    ...(reads ? ['read' as const] : []),
  ]);
}

/** A way to write an export. One file each, listed in formats.ts: command line and HTTP offer what is listed there. */
export interface ExportFormat {
  name: string;
  mediaType: string;
  /** Of the file it is saved in, without the dot. */
  extension: string;
  /** The whole document in pieces, none of them larger than an entry needs; an empty one where more takes its time. */
  write(source: ExportSource, options?: ExportOptions): AsyncIterable<string | Uint8Array>;
}

/** Read at once: enough to be quick, little enough for a server to stay with its other guests. */
const PAGE = 256;

/** `onRead` is told how many entries were gone through so far, wanted or not; what it waits for is waited for. */
export async function openSource(
  store: Pick<Store, 'readLog' | 'findLogSize'>,
  selection: Selection = {},
  onRead: (read: number) => unknown = () => {},
): Promise<ExportSource> {
  const size = await store.findLogSize();
  return {
    size,
    async *entries() {
      for (let index = 0; index < size; index += PAGE) {
        const page = await store.readLog(index, Math.min(PAGE, size - index));
        for (const stored of page) {
          const entry = JSON.parse(stored.bytes) as Entry | ServiceEntry;
          if (isWanted(entry, selection))
            yield { ...stored, leaf: hashLeaf(stored.bytes).toString('hex'), entry };
        }
        await onRead(index + page.length);
      }
    },
  };
}

function isWanted(entry: Entry | ServiceEntry, { matter, from, to }: Selection): boolean {
  if (matter !== undefined && (entry.kind === 'service' || entry.machine.id !== matter)) return false;
  return (from === undefined || entry.at >= from) && (to === undefined || entry.at < to);
}
