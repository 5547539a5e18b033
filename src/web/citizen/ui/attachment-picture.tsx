import { defineComponent, onScopeDispose, ref } from 'vue';
import { readFile } from '../upload.ts';

interface Props {
  caseId: string;
  attachment: string;
  name: string;
}

/** A preview that is this device's alone, and is forgotten with it. */
export const AttachmentPicture = defineComponent(
  (props: Props) => {
    const url = ref<string>();
    void readFile(props.caseId, props.attachment).then((picture) => {
      url.value = picture && URL.createObjectURL(picture);
    });
    onScopeDispose(() => url.value !== undefined && URL.revokeObjectURL(url.value));
    return () =>
      url.value === undefined ? (
        <span class="picture" aria-hidden="true" />
      ) : (
        <img class="picture" src={url.value} alt={props.name} />
      );
  },
  { props: ['caseId', 'attachment', 'name'] },
);
