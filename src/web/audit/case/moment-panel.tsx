import type { FunctionalComponent } from 'vue';
import { say } from '../../shared/language.ts';
import { moment as timeOf } from '../format.ts';
import { words } from '../words.ts';
import { breakable, type CaseMoment, flatten } from './history.ts';

/** What the case was after an entry: where it stood, what could be sent, until when, and what the machine knew. */
export const MomentPanel: FunctionalComponent<{ moment: CaseMoment; before: CaseMoment | undefined }> = ({
  moment,
  before,
}) => (
  <section class="panel moment">
    <h2>{say(words.standing)}</h2>
    <p class="standing">
      {moment.states.map((state) => (
        <span key={state} class="state">
          {state}
        </span>
      ))}
    </p>
    <h3>{say(words.allowedThen)}</h3>
    <ul class="allowed">
      {moment.allowed.map(({ event, title, roles }) => (
        <li key={event}>
          {title} <code>{event}</code>{' '}
          <span class="soft">{roles.map((role) => say(words[role as 'applicant'])).join(' ')}</span>
        </li>
      ))}
      {moment.allowed.length === 0 && <li class="soft">{say(words.nothingAllowed)}</li>}
    </ul>
    {moment.deadlines.length > 0 && [
      <h3>{say(words.deadlines)}</h3>,
      <ul>
        {moment.deadlines.map(({ event, dueAt }) => (
          <li key={event}>
            <code>{event}</code> {timeOf(dueAt)}
          </li>
        ))}
      </ul>,
    ]}
    {moment.work.length > 0 && [
      <h3>{say(words.underWay)}</h3>,
      <ul>
        {moment.work.map((name) => (
          <li key={name}>
            <code>{name}</code>
          </li>
        ))}
      </ul>,
    ]}
    <h3>{say(words.context)}</h3>
    {showContext(moment, before)}
  </section>
);
MomentPanel.props = ['moment', 'before'];

/** What this entry changed is marked, by a word as well as by its colour. */
function showContext(moment: CaseMoment, before: CaseMoment | undefined) {
  const known = new Map(flatten(before?.context ?? {}));
  return (
    <dl class="facts context">
      {flatten(moment.context).map(([path, text]) => {
        const isNew = before !== undefined && known.get(path) !== text;
        return [
          <dt class={{ changed: isNew }}>{breakable(path)}</dt>,
          <dd class={{ changed: isNew }}>
            {text} {isNew && <b>{say(words.changed)}</b>}
          </dd>,
        ];
      })}
    </dl>
  );
}
