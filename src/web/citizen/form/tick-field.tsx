import { defineComponent, nextTick, shallowRef, useId } from 'vue';
import { type Document, Reader, withLinks } from './documents.tsx';

interface Props {
  title: string;
  ticked: boolean;
  documents?: Document[];
  error?: string | undefined;
  onTick: (ticked: boolean) => void;
}

/** One tick with its words; documents it names open in place. */
export const TickField = defineComponent(
  (props: Props) => {
    const id = useId();
    const open = shallowRef<Document>();
    const change = async (event: Event) => {
      const box = event.target as HTMLInputElement;
      props.onTick(box.checked);
      // A tick that cannot be taken back stays, whatever the browser did to the box.
      await nextTick();
      box.checked = props.ticked;
    };
    return () => (
      <div class="tick">
        <label>
          <input
            type="checkbox"
            checked={props.ticked}
            aria-invalid={props.error !== undefined}
            aria-describedby={`${id}-error`}
            onChange={change}
          />
          <span>
            {withLinks(props.title, props.documents ?? [], (document) => {
              open.value = document;
            })}
          </span>
        </label>
        <p id={`${id}-error`} class="field-error" aria-live="polite">
          {props.error}
        </p>
        {open.value && (
          <Reader
            document={open.value}
            onClose={() => {
              open.value = undefined;
            }}
          />
        )}
      </div>
    );
  },
  { props: ['title', 'ticked', 'documents', 'error', 'onTick'] },
);
