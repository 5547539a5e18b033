import { defineComponent } from 'vue';
import { say } from '../../shared/language.ts';
import { type AllowedEvent, findAllowed } from '../case-types.ts';
import { readFields } from '../form/fields.ts';
import { FormFields } from '../form/form-fields.tsx';
import { useForm } from '../form/use-form.ts';
import type { LiveCase } from '../live-case.ts';
import { Action } from '../ui/action.tsx';
import { Alert } from '../ui/alert.tsx';
import { words } from '../words.ts';
import { MatterHead } from './matter-head.tsx';
import { type StepProps, stepProps } from './step-props.ts';

/** Done from the page of the progress, with a question first. */
const ELSEWHERE = ['case.withdraw'];

/**
 * A state that no figure has: whatever may be sent there has its form and its button. So a matter that is new has its
 * pages, and work under way or failed has a word and a way on.
 */
export const OpenStep = defineComponent(
  (props: StepProps) => () => {
    const events = props.view.allowed.filter(({ event }) => !ELSEWHERE.includes(event));
    return (
      <>
        <MatterHead view={props.view} />
        <section class="card" aria-busy={events.length === 0}>
          <p role="status">{props.view.message ?? (events.length === 0 ? say(words.working) : '')}</p>
        </section>
        {events.map((allowed) => (
          <EventForm key={allowed.event} {...props} allowed={allowed} />
        ))}
      </>
    );
  },
  { props: [...stepProps] },
);

const EventForm = defineComponent(
  (props: StepProps & { live: LiveCase; allowed: AllowedEvent }) => {
    const fields = () => readFields(findAllowed(props.view, props.allowed.event)?.form ?? {});
    const form = useForm(props.live, props.allowed.event, fields);
    const submit = (event: Event) => {
      event.preventDefault();
      void form.submit();
    };
    return () => (
      <form class="card" novalidate onSubmit={submit}>
        <FormFields live={props.live} form={form} fields={fields()} documents={props.matter.agreements} />
        <Alert text={form.problem.value} />
        <Action title={props.allowed.title} submit busy={form.busy.value} />
      </form>
    );
  },
  { props: [...stepProps, 'allowed'] },
);
