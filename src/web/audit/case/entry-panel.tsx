import type { FunctionalComponent } from 'vue';
import { say } from '../../shared/language.ts';
import { moment, shortDigest } from '../format.ts';
import { words } from '../words.ts';
import type { Link } from './chain.ts';
import { breakable, flatten, type Line, roleOf, titleOf } from './history.ts';
import { ReceiptButton } from './receipt-button.tsx';

/** One entry or refusal in full, and whether it holds. */
export const EntryPanel: FunctionalComponent<{
  id: string;
  line: Line;
  titles: Map<string, string>;
  link: Link;
  /** Undefined for a refusal: it moves nothing, so there is nothing to replay. */
  replayHolds: boolean | undefined;
}> = ({ id, line: { entry, digest }, titles, link, replayHolds }) => (
  <section class={['panel', 'entry', entry.kind]}>
    <h2>
      {say(entry.kind === 'refused' ? words.refusal : words.entry)} {entry.seq} ·{' '}
      {say(titleOf(entry.type, titles))}
    </h2>
    <div class="marks">
      {showMark(say(words.chain), link)}
      {replayHolds !== undefined && showMark(say(words.replay), replayHolds ? 'holds' : 'broken')}
      <ReceiptButton id={id} entry={entry} />
    </div>
    <dl class="facts">
      <dt>{say(words.event)}</dt>
      <dd>
        <code>{entry.type}</code>
      </dd>
      <dt>{say(words.version)}</dt>
      <dd>{entry.machine.version}</dd>
      <dt>{say(words.when)}</dt>
      <dd>{moment(entry.at)}</dd>
      <dt>{say(words.who)}</dt>
      <dd>
        {say(roleOf(entry))} <code>{entry.actor.id}</code>
      </dd>
      {flatten(entry.data).map(([path, text]) => [<dt>{breakable(path)}</dt>, <dd>{text}</dd>])}
      {entry.personal.length > 0 && [<dt>{say(words.sealed)}</dt>, <dd>{entry.personal.length}</dd>]}
      {entry.files.map((file) => [
        <dt>{say(words.files)}</dt>,
        <dd title={file.digest}>
          {file.mediaType} · {file.size} B · <code>{shortDigest(file.digest)}</code>
        </dd>,
      ])}
      <dt>{say(words.digest)}</dt>
      <dd title={digest}>
        <code>{shortDigest(digest)}</code>
      </dd>
      <dt>{say(words.before)}</dt>
      <dd title={entry.prev}>
        <code>{entry.prev === '' ? '—' : shortDigest(entry.prev)}</code>
      </dd>
    </dl>
  </section>
);
EntryPanel.props = ['id', 'line', 'titles', 'link', 'replayHolds'];

const SIGNS: Record<Link, string> = { holds: '✓', broken: '✕', unchecked: '–' };

function showMark(what: string, link: Link) {
  return (
    <span class={`mark ${link}`}>
      <span aria-hidden="true">{SIGNS[link]}</span> {what} {say(words[link])}
    </span>
  );
}
