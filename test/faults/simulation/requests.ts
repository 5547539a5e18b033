import { type Answer, standingAsOf, standingOf } from '../../../src/engine/answer.ts';
import { canonical, digestOf } from '../../../src/engine/canonical.ts';
import { Problem } from '../../../src/engine/errors.ts';
import { keyRow } from '../../../src/engine/idempotency.ts';
import { open } from '../../../src/engine/open.ts';
import type { Standing } from '../../../src/engine/present.ts';
import { getCase, getPersonKey } from '../../../src/engine/runtime.ts';
import { type Attachment, send } from '../../../src/engine/send.ts';
import type { Told } from './histories.ts';
import { blame, count, isPersonalAt, nameOf, type Person, type Process, say, type World } from './world.ts';

/** What a person wants to happen once, however often it is sent. */
export interface ClientRequest {
  /** Its mark, where the matter's events carry one. */
  mark: number;
  person: Person;
  matter: string;
  /** Undefined for opening. */
  caseId: string | undefined;
  type: string;
  body: object;
  key: string | undefined;
  ifMatch: number | undefined;
  waitMs: number;
  attachment: Attachment | undefined;
  /** Nobody may get this done. */
  forbidden: boolean;
  tries: Try[];
}

interface Try {
  process: string;
  /** `failed` and `lost` say nothing of what was done. */
  fate: 'under way' | 'answered' | 'refused' | 'failed' | 'lost';
  answer: Answer | undefined;
  /** Nothing else of the request was under way when it began. */
  alone: boolean;
}

export function isUnderWay(request: ClientRequest): boolean {
  return request.tries.some(({ fate }) => fate === 'under way');
}

/** Sends it to a process. What comes back is looked at once the histories are up to date. */
export function sendTo(world: World, process: Process, request: ClientRequest): void {
  const alone = !isUnderWay(request);
  const attempt: Try = { process: process.name, fate: 'under way', answer: undefined, alone };
  request.tries.push(attempt);
  if (request.tries.length > 1) count(world, 'request: sent again');
  const where = request.caseId === undefined ? request.matter : nameOf(world, request.caseId);
  say(
    world,
    `→ ${process.name} ${where} ${request.type} r${request.mark} key ${request.key ?? '-'} try ${request.tries.length}`,
  );
  deliver(process, request).then(
    (answer) => world.told.push(() => takeAnswer(world, request, attempt, answer)),
    (error: unknown) => world.told.push(() => takeError(world, request, attempt, error)),
  );
}

function deliver({ runtime }: Process, request: ClientRequest): Promise<Answer> {
  const { caseId, type, body, person, key, ifMatch, waitMs, attachment } = request;
  const { caller } = person;
  if (caseId !== undefined) {
    const carried = attachment ? { attachment } : {};
    return send(runtime, { caseId, type, body, caller, key, ifMatch, waitMs, ...carried });
  }
  const matter = runtime.matters.get(request.matter);
  if (!matter) throw new Error(`no matter ${request.matter}`);
  const claim = { scope: `open:${matter.id}`, subject: runtime.vault.digestOf('claim', caller.id) };
  return open(runtime, { matter, caller, key, claim });
}

async function takeAnswer(world: World, request: ClientRequest, attempt: Try, answer: Answer): Promise<void> {
  const { standing, settled, problem } = answer;
  Object.assign(attempt, { fate: 'answered', answer });
  count(world, settled ? 'answer: settled' : 'answer: under way');
  const words = `${nameOf(world, standing.id)} @${standing.seq} ${settled ? 'settled' : 'under way'} ${problem?.code ?? ''}`;
  say(world, `← r${request.mark} ${words}`);
  if (request.forbidden) blame(world, 'what nobody may do is refused', request.type);
  await checkStanding(world, standing);
  const own = await seqOf(world, request, standing.id);
  if (own === undefined) return;
  if (own === 0)
    return blame(world, 'what was acknowledged is in the history', `r${request.mark} ${request.type}`);
  checkOwn(world, request, answer, own);
}

/** Its entry's seq; 0 when there is none, undefined when nothing in the history could name it. */
async function seqOf(world: World, request: ClientRequest, caseId: string): Promise<number | undefined> {
  const requests = world.histories.find(caseId)?.requests ?? new Map<string | number, number>();
  if (request.caseId !== undefined && request.matter === 'job') return requests.get(request.mark) ?? 0;
  if (request.key === undefined) return undefined;
  const digest = await digestOfKey(world, request, request.key);
  return requests.get(digest) ?? 0;
}

async function digestOfKey(world: World, request: ClientRequest, key: string): Promise<string> {
  const { caller } = request.person;
  const scope = request.caseId === undefined ? `open:${caller.id}` : `case:${request.caseId}:${caller.id}`;
  const { observer } = world;
  const person = await getPersonKey(observer, caller.id);
  return keyRow(observer, person, { scope, key, caseId: '', event: '', body: {}, waitMs: 0 }).key;
}

/** What a client is shown stood in the history, under that seq and that head. */
async function checkStanding(world: World, standing: Standing): Promise<void> {
  const { id, seq, head, state, personal } = standing;
  const told = toldAt(world, id, seq);
  const where = `${nameOf(world, id)} @${seq}`;
  if (told?.digest !== head || told.stateDigest !== digestOf(canonical(state))) {
    blame(world, 'what is shown stands in the history', where);
  }
  if (!(await isPersonalAt(world, id, seq, personal))) {
    blame(world, 'personal values are those of their entry', where);
  }
}

function toldAt(world: World, caseId: string, seq: number): Told | undefined {
  return world.histories.find(caseId)?.told[seq - 1];
}

/** The answer to an event is about that event, and says so again whenever it is asked under the same key. */
function checkOwn(world: World, request: ClientRequest, answer: Answer, own: number): void {
  const { standing, settled, problem } = answer;
  const where = `r${request.mark} ${request.type}: own @${own}, told @${standing.seq} ${problem?.code ?? ''}`;
  if (standing.seq < own) {
    blame(world, 'an answer is not older than its event', where);
    return;
  }
  const history = world.histories.find(standing.id)?.told ?? [];
  const since = history.slice(own - 1, standing.seq);
  const open = Object.keys(standing.state.children).length > 0;
  if (request.caseId !== undefined && settled === open)
    blame(world, 'settled means that no work is open', where);
  // What was settled elsewhere is not heard in this process, so only one process can be held to this.
  if (request.caseId !== undefined && world.profile.processes === 1)
    checkSaid(world, where, since, problem?.code);
  // Asked again while the first still waits, when the time is just up, the two may look at either side of that moment.
  const mine = request.tries.find((each) => each.answer === answer);
  const earlier = (mine?.alone ? request.tries : [])
    .map((each) => each.answer)
    .filter((each) => each !== undefined && each !== answer);
  for (const other of earlier) if (other) checkSame(world, where, answer, other);
}

/** A machine speaks to whoever sent an event, or through the results of what it began; `since` begins with that event. */
function checkSaid(world: World, where: string, since: Told[], told: string | undefined): void {
  const meant = ({ bySystem }: Told, index: number) => index === 0 || bySystem;
  const said = since.filter(meant).findLast(({ problem }) => problem !== undefined)?.problem;
  if (told === said) return;
  const toOthers = since.some((each, index) => !meant(each, index) && each.problem === told);
  if (told !== undefined && toOthers) blame(world, 'what is said to another event is not an answer', where);
  else
    blame(world, 'an answer tells what the machine said to its event', `${where}, said ${said ?? 'nothing'}`);
}

/** What another process settles is not heard here, so a wait for it may end without. */
function checkSame(world: World, where: string, one: Answer, earlier: Answer): void {
  if (!earlier.settled || (world.profile.processes > 1 && !one.settled)) return;
  const same = one.standing.head === earlier.standing.head && one.problem?.code === earlier.problem?.code;
  if (!same) blame(world, 'the same key gives the same answer', `${where}, and @${earlier.standing.seq}`);
}

async function takeError(world: World, request: ClientRequest, attempt: Try, error: unknown): Promise<void> {
  const refused = error instanceof Problem;
  attempt.fate = refused ? 'refused' : 'failed';
  const code = refused ? error.spec.code : nameOfError(error);
  count(world, `refused: ${code}`);
  say(world, `← r${request.mark} ${code}`);
  if (!refused && code !== 'SqliteError')
    blame(world, 'nothing fails but what was made to fail', String(error));
  if (refused) checkKept(world, request, code);
  await checkUndone(world, request);
}

/** Refusals that say nothing of the event. */
const UNKEPT = new Set(['busy', 'case-not-found', 'idempotency-mismatch', 'storage-unavailable']);

/** Who tried what stands in the case's other chain before anybody is told. */
function checkKept(world: World, { caseId }: ClientRequest, code: string): void {
  const history = caseId === undefined ? undefined : world.histories.find(caseId);
  if (!history || UNKEPT.has(code)) return;
  history.refusalsTold++;
  if (history.refusalsTold > history.refusals)
    blame(world, 'who was refused is kept', `${history.name} ${code}`);
}

function nameOfError(error: unknown): string {
  return error instanceof Error ? error.name : 'unknown';
}

/** Refused, and nothing else: then it is not in the history either. */
export async function checkUndone(world: World, request: ClientRequest): Promise<void> {
  if (request.caseId === undefined || request.tries.some(({ fate }) => fate !== 'refused')) return;
  const own = await seqOf(world, request, request.caseId);
  if (own !== undefined && own > 0 && request.matter === 'job') {
    blame(world, 'what was refused is not in the history', `r${request.mark} ${request.type} @${own}`);
  }
}

/** Reads a case as its owner does, now or as it once was. */
export function readFrom(world: World, process: Process, caseId: string, person: Person): void {
  const { runtime } = process;
  const acknowledged = lastAcknowledged(world, caseId);
  const asOf =
    acknowledged > 0 && world.choices.chance(30) ? 1 + world.choices.pick(acknowledged) : undefined;
  say(world, `→ ${process.name} read ${nameOf(world, caseId)} ${asOf ?? 'now'}`);
  const reading = getCase(runtime, caseId, person.caller).then((row) =>
    asOf === undefined ? standingOf(runtime, row) : standingAsOf(runtime, row, String(asOf)),
  );
  reading.then(
    (standing) =>
      world.told.push(async () => {
        count(world, asOf === undefined ? 'read now' : 'read as of');
        await checkStanding(world, standing);
        if (standing.seq < (asOf ?? acknowledged)) {
          blame(
            world,
            'a read shows what was acknowledged before it',
            `@${standing.seq}, not @${acknowledged}`,
          );
        }
      }),
    (error: unknown) => {
      if (nameOfError(error) !== 'SqliteError')
        blame(world, 'nothing fails but what was made to fail', String(error));
    },
  );
}

function lastAcknowledged(world: World, caseId: string): number {
  const answers = world.requests.flatMap(({ tries }) => tries.map(({ answer }) => answer?.standing));
  return Math.max(0, ...answers.filter((each) => each?.id === caseId).map((each) => each?.seq ?? 0));
}

/** What a process had in hand when it went is lost to those who asked. */
export function loseRequests(world: World, process: string): void {
  for (const { tries } of world.requests) {
    for (const each of tries) {
      if (each.process !== process || each.fate !== 'under way') continue;
      each.fate = 'lost';
      count(world, 'request: lost with its process');
    }
  }
}
