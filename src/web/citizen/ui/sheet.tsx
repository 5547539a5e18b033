import type { FunctionalComponent } from 'vue';
import { say } from '../../shared/language.ts';
import { words } from '../words.ts';
import { Action } from './action.tsx';
import { Modal } from './modal.tsx';

export interface Choice {
  value: string;
  title: string;
  note?: string | undefined;
}

interface Props {
  title: string;
  choices: Choice[];
  chosen?: string | undefined;
  onPick: (value: string) => void;
  onCancel: () => void;
}

/** What rises from the lower edge to choose from: figure 3, and every list of a form. */
export const Sheet: FunctionalComponent<Props> = ({ title, choices, chosen, onPick, onCancel }) => (
  <Modal title={title} place="bottom" onCancel={onCancel}>
    <ul class="choices">
      {choices.map((choice) => (
        <li key={choice.value}>
          <button
            type="button"
            autofocus={choice.value === chosen}
            class={{ chosen: choice.value === chosen }}
            onClick={() => onPick(choice.value)}
          >
            {choice.title}
            {choice.note !== undefined && <small>{choice.note}</small>}
            {choice.value === chosen && <span class="hidden">{say(words.chosen)}</span>}
          </button>
        </li>
      ))}
    </ul>
    <Action title={say(words.cancel)} plain onClick={onCancel} />
  </Modal>
);
Sheet.props = ['title', 'choices', 'chosen', 'onPick', 'onCancel'];
