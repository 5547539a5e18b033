import { defineComponent, onBeforeUnmount, onMounted, ref, useId } from 'vue';

interface Props {
  title: string;
  /** In the middle, or risen from the lower edge. */
  place?: 'middle' | 'bottom';
  /** Escape, or the browser's back gesture on it. Without it the dialog wants an answer. */
  onCancel?: () => void;
}

/** A dialog of the platform's own: it keeps the focus inside, gives it back, and makes the rest of the page inert. */
export const Modal = defineComponent(
  (props: Props, { slots }) => {
    const dialog = ref<HTMLDialogElement>();
    const id = useId();
    onMounted(() => dialog.value?.showModal());
    onBeforeUnmount(() => dialog.value?.close());
    const cancel = (event: Event) => {
      event.preventDefault();
      props.onCancel?.();
    };
    return () => (
      <dialog
        ref={dialog}
        class={`modal modal-${props.place ?? 'middle'}`}
        aria-labelledby={id}
        onCancel={cancel}
      >
        <h2 id={id}>{props.title}</h2>
        {slots.default?.()}
      </dialog>
    );
  },
  { props: ['title', 'place', 'onCancel'] },
);
