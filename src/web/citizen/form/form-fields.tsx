import { defineComponent, nextTick, useId, watch } from 'vue';
import { say } from '../../shared/language.ts';
import type { LiveCase } from '../live-case.ts';
import { words } from '../words.ts';
import { CodeButton } from './code-button.tsx';
import { DatePicks } from './date-picks.tsx';
import type { Document } from './documents.tsx';
import type { Field } from './fields.ts';
import { TickField } from './tick-field.tsx';
import type { FormState } from './use-form.ts';

interface Props {
  live: LiveCase;
  form: FormState;
  fields: Field[];
  /** Texts that a tick may speak of. */
  documents: Document[];
}

/** The fields of any form, as its schema describes them. */
export const FormFields = defineComponent(
  (props: Props) => {
    const id = useId();
    watch(props.form.busy, async (busy) => {
      await nextTick();
      if (!busy) document.querySelector<HTMLElement>('[aria-invalid="true"]')?.focus();
    });
    const shared = (field: Field) => ({
      id: `${id}-${field.name}`,
      name: field.name,
      'aria-invalid': props.form.errors[field.name] !== undefined,
      'aria-describedby': `${id}-${field.name}-hint ${id}-${field.name}-error`,
    });
    const type = (field: Field) => (event: Event) =>
      props.form.set(field.name, (event.target as HTMLInputElement).value);
    const textOf = (field: Field) => String(props.form.values[field.name] ?? '');

    const control = (field: Field) => {
      if (field.kind === 'choice') {
        return (
          <select {...shared(field)} value={textOf(field)} onChange={type(field)}>
            <option value="">{say(words.pleaseChoose)}</option>
            {field.options.map(({ value, title }) => (
              <option key={value} value={value}>
                {title}
              </option>
            ))}
          </select>
        );
      }
      const date = field.kind === 'date';
      return (
        <input
          {...shared(field)}
          type={date ? 'date' : field.kind === 'password' ? 'password' : 'text'}
          // A date field cannot show what is no date; the pick beside it does.
          value={date && !/^\d{4}-/.test(textOf(field)) ? '' : textOf(field)}
          maxlength={field.maxLength}
          inputmode={field.inputmode}
          autocomplete={field.autocomplete ?? 'off'}
          onInput={type(field)}
        />
      );
    };

    const row = (field: Field) => (
      <div key={field.name} class="field">
        <label for={`${id}-${field.name}`}>{field.title}</label>
        <div class="field-control">
          {control(field)}
          {field.code && <CodeButton live={props.live} form={props.form} field={field} code={field.code} />}
        </div>
        {field.picks && (
          <DatePicks form={props.form} field={field} picks={field.picks} fields={props.fields} />
        )}
        {field.hint !== undefined && (
          <p id={`${id}-${field.name}-hint`} class="field-hint">
            {field.hint}
          </p>
        )}
        <p id={`${id}-${field.name}-error`} class="field-error" aria-live="polite">
          {props.form.errors[field.name]}
        </p>
      </div>
    );

    return () =>
      props.fields
        .filter(({ kind }) => kind !== 'fixed')
        .map((field) =>
          field.kind === 'tick' ? (
            <TickField
              key={field.name}
              title={field.title}
              documents={props.documents}
              ticked={props.form.values[field.name] === true}
              error={props.form.errors[field.name]}
              onTick={(ticked) => props.form.set(field.name, ticked)}
            />
          ) : (
            row(field)
          ),
        );
  },
  { props: ['live', 'form', 'fields', 'documents'] },
);
