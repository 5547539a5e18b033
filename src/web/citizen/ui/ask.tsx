import type { FunctionalComponent } from 'vue';
import { say } from '../../shared/language.ts';
import { words } from '../words.ts';
import { Action } from './action.tsx';
import { Modal } from './modal.tsx';

interface Props {
  text: string;
  busy?: boolean;
  /** What yes is called; 确定 when left out. */
  yes?: string;
  no?: string;
  onYes: () => void;
  /** Without it there is nothing to decide, only to read. */
  onNo?: () => void;
}

/** A question, or a word that has to be read, before anything else. */
export const Ask: FunctionalComponent<Props> = ({ text, busy, yes, no, onYes, onNo }) => (
  <Modal title={say(words.notice)} onCancel={onNo ?? onYes}>
    <p class="ask">{text}</p>
    <div class="two">
      {onNo && <Action title={no ?? say(words.cancel)} plain onClick={onNo} />}
      <Action title={yes ?? say(words.confirm)} busy={busy ?? false} onClick={onYes} />
    </div>
  </Modal>
);
Ask.props = ['text', 'busy', 'yes', 'no', 'onYes', 'onNo'];
