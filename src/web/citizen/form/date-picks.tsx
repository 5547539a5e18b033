import type { FunctionalComponent } from 'vue';
import { type Field, type Pick, yearsAfter } from './fields.ts';
import type { FormState } from './use-form.ts';

interface Props {
  form: FormState;
  field: Field;
  picks: { after: string; picks: Pick[] };
  fields: Field[];
}

/** Figure 6: 5年 10年 20年 长期有效, counted from another field of the form. */
export const DatePicks: FunctionalComponent<Props> = ({ form, field, picks: { after, picks }, fields }) => {
  const from = String(form.values[after] ?? '');
  const valueOfPick = ({ years, value }: Pick) =>
    years === undefined ? value : from === '' ? undefined : yearsAfter(from, years);
  const first = fields.find(({ name }) => name === after);
  const choose = (pick: Pick) => {
    const value = valueOfPick(pick);
    if (value !== undefined) form.set(field.name, value);
    // What it is counted from has to be there first: the caret goes where that is typed.
    else document.querySelector<HTMLElement>(`[name="${first?.name}"]`)?.focus();
  };
  return (
    <fieldset class="picks">
      <legend class="hidden">{field.title}</legend>
      {picks.map((pick) => (
        <button
          key={pick.title}
          type="button"
          aria-pressed={valueOfPick(pick) !== undefined && form.values[field.name] === valueOfPick(pick)}
          onClick={() => choose(pick)}
        >
          {pick.title}
        </button>
      ))}
    </fieldset>
  );
};
DatePicks.props = ['form', 'field', 'picks', 'fields'];
