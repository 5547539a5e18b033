import { z } from 'zod';

/** The shapes of answers. What is not named here does not leave, whatever a route returns. */

const time = z.string().describe('RFC 3339 UTC with milliseconds');
const anything = z.record(z.string(), z.unknown());
const seq = z.int().describe('Number of the last entry of the history, from 1');

export const caseSchema = z
  .object({
    id: z.string(),
    matter: z.string(),
    machineVersion: z.string(),
    seq,
    head: z
      .string()
      .describe(
        'Digest of the entry `seq`: what was acknowledged, to be compared with the history at any time',
      ),
    status: z.enum(['active', 'done']),
    value: z.union([z.string(), anything]).describe('XState state value'),
    states: z.array(z.string()).describe('Active leaves, dotted, in document order'),
    step: z.object({ current: z.int(), of: z.int(), title: z.string() }).nullable(),
    message: z.string().nullable(),
    data: anything.describe('What this state shows; personal values are masked'),
    allowed: z
      .array(z.object({ event: z.string(), title: z.string(), href: z.string(), form: anything }))
      .describe('What this caller may send now, each with the JSON Schema of its body'),
    deadlines: z.array(z.object({ event: z.string(), dueAt: time, provisional: z.boolean().optional() })),
    openedAt: time,
    updatedAt: time,
  })
  .meta({ id: 'Case' });

const caseSummarySchema = z
  .object({
    id: z.string(),
    matter: z.string(),
    machineVersion: z.string(),
    seq,
    status: z.enum(['active', 'done']),
    states: z.array(z.string()),
    href: z.string(),
    openedAt: time,
    updatedAt: time,
  })
  .meta({ id: 'CaseSummary' });

export const casePageSchema = z.object({
  items: z.array(caseSummarySchema),
  next: z.string().nullable().describe('The cursor of the next page'),
});

export const attachmentSchema = z
  .object({
    id: z.string(),
    material: z.string(),
    name: z.string().describe('As the person named it'),
    size: z.int(),
    mediaType: z.string(),
    width: z.int(),
    height: z.int(),
    digest: z.string(),
    href: z.string(),
  })
  .meta({ id: 'Attachment' });

export const sessionSchema = z
  .object({ token: z.string().describe('Bearer token. It is given once and kept nowhere.'), expiresAt: time })
  .meta({ id: 'Session' });

export const meSchema = z
  .object({
    id: z.string().describe('Pseudonym, as it stands in histories'),
    role: z.string(),
    nickname: z.string().nullable(),
    avatar: z.object({ href: z.string() }).nullable(),
    profileComplete: z.boolean(),
  })
  .meta({ id: 'Me' });

export const matterSummarySchema = z
  .object({
    id: z.string(),
    profession: z.string(),
    kind: z.string(),
    title: z.string(),
    itemCode: z.string().nullable(),
    offered: z.boolean().describe('Whether it can be applied for here'),
    href: z.string().nullable(),
  })
  .meta({ id: 'MatterSummary' });

export const professionSchema = z
  .object({
    id: z.string(),
    title: z.string(),
    offered: z.boolean(),
    message: z.string().nullable(),
    matters: z.array(matterSummarySchema),
  })
  .meta({ id: 'Profession' });

export const matterSchema = z
  .object({
    id: z.string(),
    version: z.string(),
    profession: z.string(),
    kind: z.string(),
    title: z.string(),
    itemCode: z.string(),
    guide: z.unknown(),
    clauses: z.array(z.object({ id: z.string(), text: z.string() })),
    notice: z.record(z.string(), z.string()).describe('Texts that stand around the clauses'),
    choices: z
      .record(z.string(), z.array(z.object({ id: z.string(), label: z.string() })))
      .describe('Labels of the values that forms offer'),
    materials: z.unknown(),
    agreements: z.array(
      z.object({ id: z.string(), version: z.string(), title: z.string(), text: z.string() }),
    ),
    machine: z.string().describe('Address of the machine as data; ?format=mermaid and ?format=svg draw it'),
    cases: z.string().describe('Address to open a case at'),
  })
  .meta({ id: 'Matter' });

export const machineSchema = z
  .object({
    id: z.string(),
    version: z.string(),
    definition: z.string().describe('Digest of the structure, as entries carry it'),
    type: z.string(),
    initial: z.string().optional(),
    active: z.array(z.string()).describe('Where the case asked for stands'),
    nodes: z.array(z.unknown()).describe('States, in document order'),
    transitions: z.array(z.unknown()),
  })
  .meta({ id: 'Machine' });

const deadlines = z.array(z.object({ event: z.string(), dueAt: time }));

const historyEntrySchema = z
  .object({
    digest: z.string(),
    entry: anything.describe('The entry, read'),
    bytes: z.string().describe('The stored bytes: what the digest is of'),
  })
  .meta({ id: 'HistoryEntry' });
export const readsSchema = z.object({
  holds: z.boolean().describe('Whether the chain of reads is whole, and ends where the case says'),
  items: z.array(historyEntrySchema),
});
export const historySchema = z.object({ items: z.array(historyEntrySchema) });

const replayedSchema = z
  .object({
    seq: z.int(),
    type: z.string(),
    at: time,
    actor: z.object({ role: z.string(), id: z.string() }),
    states: z.array(z.string()),
    status: z.string(),
    recorded: z.string().describe('State digest the entry recorded'),
    digest: z.string().describe('State digest replay arrived at'),
    holds: z.boolean(),
    title: z.string(),
    machineVersion: z.string().describe('Version of the machine after it'),
    from: z.array(z.string()).describe('Active leaves before it'),
    facts: anything,
    deadlines: z.object({ set: deadlines, fired: deadlines, ended: deadlines }),
    started: z.array(z.string()).describe('Effects and actions it asked for'),
    changes: z
      .array(z.object({ pointer: z.string(), before: z.unknown(), after: z.unknown() }))
      .optional()
      .describe('What it changed in the context, with `diff=true`'),
  })
  .meta({ id: 'ReplayedEntry' });
const refusedSchema = z
  .object({
    kind: z.literal('refused'),
    seq: z.int().describe('Counted by itself'),
    type: z.string(),
    title: z.string(),
    at: time,
    actor: z.object({ role: z.string(), id: z.string() }),
    facts: anything.describe('The code it was refused with, and the fields that were wrong'),
  })
  .meta({ id: 'RefusedEntry' });
const brokenSchema = z
  .object({ kind: z.literal('broken'), seq: z.int(), why: z.string() })
  .meta({ id: 'BrokenHistory', description: 'Where a history cannot be run any further' });

export const replaySchema = z.object({
  items: z.array(z.union([replayedSchema, refusedSchema, brokenSchema])),
  holds: z.boolean(),
});

const deadlineSchema = z.object({ event: z.string(), dueAt: time });
export const momentsSchema = z
  .object({
    matter: z.string(),
    events: z
      .array(z.object({ event: z.string(), title: z.string() }))
      .describe('What the events of the matter are called'),
    items: z.array(
      z
        .object({
          seq: z.int(),
          type: z.string(),
          at: time,
          machineVersion: z.string().describe('Of the chart that `ways` counts in'),
          states: z.array(z.string()).describe('Active leaves after it, dotted, in document order'),
          status: z.enum(['active', 'done']),
          context: anything.describe('What the machine knew after it: facts, nothing personal'),
          ways: z
            .array(z.int())
            .describe('The transitions it took, as indexes into `transitions` of the machine as data'),
          allowed: z
            .array(z.object({ event: z.string(), title: z.string(), roles: z.array(z.string()) }))
            .describe('What could be sent then, guards asked, and by whom'),
          deadlines: z.array(deadlineSchema),
          work: z.array(z.string()).describe('Effects that were under way'),
          recorded: z.string().describe('State digest the entry recorded'),
          digest: z.string().describe('State digest replay arrived at'),
          holds: z.boolean(),
        })
        .meta({ id: 'CaseMoment' }),
    ),
    next: z.int().nullable().describe('`from` of the page after this one'),
  })
  .meta({ id: 'CaseMoments' });

const dayCount = z.object({ day: z.string().describe('In China, `2026-11-23`'), cases: z.int() });
const ages = z.object({ hour: z.int(), day: z.int(), week: z.int(), older: z.int() });
export const overviewSchema = z
  .object({
    at: time,
    from: time,
    to: time,
    opened: z.array(dayCount).describe('Cases by the day on which they were opened'),
    reached: z
      .array(dayCount.extend({ stage: z.enum(['under-way', 'submitted', 'ended']) }))
      .describe('Cases by what they are at now and the day on which they came to it'),
    standing: z
      .array(
        z.object({
          matter: z.string(),
          states: z.array(z.string()),
          stage: z.enum(['under-way', 'submitted', 'ended']),
          cases: z.int(),
          since: time.describe('Of the case that stands there longest'),
          ages: ages.describe('For how long they have stood there: up to an hour, a day, a week, or longer'),
        }),
      )
      .describe('Where cases stand now, the most first'),
    failures: z
      .array(z.object({ day: z.string(), effect: z.string(), code: z.string(), times: z.int() }))
      .describe('Effects that gave up, after all their tries'),
    work: z
      .array(
        z.object({
          name: z.string(),
          kind: z.enum(['effect', 'action']),
          tasks: z.int(),
          retried: z.int().describe('Those that have failed at least once and are tried again'),
          attempts: z.int().describe('The most that one of them has had'),
          since: time.describe('Since when the oldest of them is wanted'),
        }),
      )
      .describe('Work that is wanted now, by name'),
    oldest: z
      .array(
        z.object({
          case: z.string(),
          name: z.string(),
          kind: z.enum(['effect', 'action']),
          attempts: z.int(),
          since: time,
        }),
      )
      .describe('The work that has been wanted longest, twenty at most'),
  })
  .meta({ id: 'Overview' });

export const personalSchema = z
  .object({
    items: z.array(
      z.object({
        field: z.string(),
        title: z.string(),
        masked: z.string(),
        seq: z.int().describe('The entry it came with'),
      }),
    ),
  })
  .meta({ id: 'PersonalValues' });
export const disclosureSchema = z
  .object({
    field: z.string(),
    title: z.string(),
    value: z.string(),
    read: z
      .object({ seq: z.int(), digest: z.string() })
      .describe('The entry, in the case’s chain of reads, that says so'),
  })
  .meta({ id: 'Disclosure' });

const check = z.boolean();
export const verificationSchema = z
  .object({
    holds: z.boolean(),
    entries: z.int(),
    refusals: z.int(),
    reads: z.int(),
    checks: z.object({
      chain: check,
      refusalChain: check,
      readChain: check,
      replay: check,
      currentRow: check,
      tasks: check,
      vault: check,
    }),
    firstBreak: z
      .object({
        check: z.string(),
        seq: z.int(),
        what: z.string(),
        expected: z.string(),
        found: z.string(),
      })
      .nullable(),
  })
  .meta({ id: 'Verification' });

export const problemSchema = z
  .looseObject({
    type: z.string(),
    title: z.string(),
    status: z.int(),
    detail: z.string(),
    code: z.string().describe('Stable, for programs'),
    errors: z
      .array(
        z.looseObject({
          pointer: z.string().describe('RFC 6901, into the body sent'),
          code: z.string(),
          message: z.string(),
        }),
      )
      .optional(),
  })
  .meta({ id: 'Problem', description: 'RFC 9457; further members as the code brings them' });
