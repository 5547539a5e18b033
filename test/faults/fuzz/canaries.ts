import { PASSWORD } from '../../applicant.ts';
import { inventPeople } from '../../load/people.ts';

/** One who is in no world of the tests, to be sent wherever a text can be sent. */
const [nobody] = inventPeople(1_000, false).slice(-1);

/** Values of the kinds that may come back masked only. */
export const CANARIES: string[] = nobody ? [nobody.name, nobody.idNumber, nobody.mobile, PASSWORD] : [];

/** Names, ID numbers and mobiles as `inventPeople` makes them, and the password of every walk. */
const PERSONAL = new RegExp(
  `379999\\d{11}[\\dX]|(?<![\\d.])1541000\\d{4}|例[零一二三四五六七八九]+|${PASSWORD}`,
  'u',
);

/** The simulators show who lives in their world and what was sent to a phone; a nickname is shown to who chose it. */
const SHOWN = /^\/(?:simulator\/(?:people|sms)|v1\/me(?:\/profile|\/avatar)?)(?:[?#]|$)/;

/** A personal value in clear where none may be. */
export function findPersonalIn(url: string, text: string): string[] {
  if (SHOWN.test(url)) return [];
  const [found] = PERSONAL.exec(text) ?? [];
  return found === undefined ? [] : [`${found} stands in clear`];
}
