import type { FunctionalComponent } from 'vue';

/** Read out as soon as it appears. The place is there before the words are, or they would not be read. */
export const Alert: FunctionalComponent<{ text: string | undefined | null }> = ({ text }) => (
  <div role="alert" class="alert">
    {text && <p>{text}</p>}
  </div>
);
Alert.props = ['text'];
