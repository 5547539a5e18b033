import { defineComponent, ref } from 'vue';
import { say } from '../../shared/language.ts';
import type { LiveCase } from '../live-case.ts';
import { Action } from '../ui/action.tsx';
import { Alert } from '../ui/alert.tsx';
import { Modal } from '../ui/modal.tsx';
import { words } from '../words.ts';

interface Props {
  live: LiveCase;
  pledge: { title: string; text: string; acceptedAt: string | null };
}

/** Figure 9, 查看承诺书: the letter is opened, and accepted where it was read. */
export const PledgeRow = defineComponent(
  (props: Props) => {
    const open = ref(false);
    const busy = ref(false);
    const problem = ref<string>();
    const accept = async () => {
      busy.value = true;
      const sent = await props.live.send('pledge.accept');
      busy.value = false;
      problem.value = sent.ok ? undefined : sent.problem.detail;
      if (sent.ok) open.value = false;
    };
    const toggle = (to: boolean) => () => {
      open.value = to;
    };
    return () => (
      <section class="card">
        <button type="button" class="row-link" onClick={toggle(true)}>
          <span>{say(words.pledgeRead)}</span>
          {props.pledge.acceptedAt !== null ? (
            <span class="accepted">✓ {say(words.pledgeAccepted)}</span>
          ) : (
            <span aria-hidden="true">›</span>
          )}
        </button>
        {open.value && (
          <Modal title={props.pledge.title} place="bottom" onCancel={toggle(false)}>
            <p class="letter">{props.pledge.text}</p>
            <Alert text={problem.value} />
            <div class="two">
              <Action title={say(words.close)} plain onClick={toggle(false)} />
              {props.pledge.acceptedAt === null && (
                <Action title={say(words.pledgeAccept)} busy={busy.value} onClick={() => void accept()} />
              )}
            </div>
          </Modal>
        )}
      </section>
    );
  },
  { props: ['live', 'pledge'] },
);
