import type { FunctionalComponent, VNodeChild } from 'vue';
import { say } from '../../shared/language.ts';
import { Action } from '../ui/action.tsx';
import { Modal } from '../ui/modal.tsx';
import { words } from '../words.ts';

/** An agreement, a rule, a letter: what a tick is about. */
export interface Document {
  id: string;
  title: string;
  text: string;
}

/** A text in which the titles of documents can be opened. */
export function withLinks(
  text: string,
  documents: Document[],
  open: (document: Document) => void,
): VNodeChild[] {
  const [first, at] = firstIn(text, documents);
  if (!first) return [text];
  const link = (
    <a
      href={`#${first.id}`}
      onClick={(event: Event) => {
        event.preventDefault();
        open(first);
      }}
    >
      {first.title}
    </a>
  );
  return [text.slice(0, at), link, ...withLinks(text.slice(at + first.title.length), documents, open)];
}

function firstIn(text: string, documents: Document[]): [Document | undefined, number] {
  const found = documents
    .flatMap((document) => [document, { ...document, title: `《${document.title}》` }])
    .map((document) => ({ document, at: text.indexOf(document.title) }))
    .filter(({ at }) => at >= 0)
    .toSorted((one, other) => one.at - other.at)[0];
  return [found?.document, found?.at ?? 0];
}

export const Reader: FunctionalComponent<{ document: Document; onClose: () => void }> = ({
  document,
  onClose,
}) => (
  <Modal title={document.title} place="bottom" onCancel={onClose}>
    <p class="letter">{document.text}</p>
    <Action title={say(words.close)} onClick={onClose} />
  </Modal>
);
Reader.props = ['document', 'onClose'];
