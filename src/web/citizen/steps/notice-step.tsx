import { computed, defineComponent, ref } from 'vue';
import { say } from '../../shared/language.ts';
import { dataOf, findAllowed } from '../case-types.ts';
import { keepDraft, readDraft } from '../drafts.ts';
import { TickField } from '../form/tick-field.tsx';
import { Action } from '../ui/action.tsx';
import { words } from '../words.ts';
import { MatterHead } from './matter-head.tsx';
import { type StepProps, stepProps } from './step-props.ts';

/** Figure 8: seven ticks, each an event of its own with its own time, and the choice of a branch. */
export const NoticeStep = defineComponent(
  (props: StepProps) => {
    const place = `${props.view.id}.notice.proceed`;
    const notice = computed(() => dataOf(props.view).notice);
    const kind = ref(String(readDraft(place).kind ?? notice.value?.kind ?? ''));
    /** Shown as ticked at once, though the answer is still on its way. */
    const onTheWay = ref(new Set<string>());
    const wrong = ref<{ at: string; text: string }>();
    const busy = ref(false);

    const tick = async (name: string, event: string, body: object) => {
      onTheWay.value.add(name);
      wrong.value = undefined;
      const sent = await props.live.send(event, body);
      onTheWay.value.delete(name);
      if (!sent.ok) wrong.value = { at: firstOpen(), text: sent.problem.detail };
    };
    /** The tick that is asked for next. */
    const firstOpen = () =>
      notice.value?.clauses.find(({ acknowledgedAt }) => acknowledgedAt === null)?.clause ?? 'declaration';
    const choose = (value: string) => {
      kind.value = value;
      wrong.value = undefined;
      keepDraft(place, { kind: value });
    };
    const proceed = async (event: Event) => {
      event.preventDefault();
      busy.value = true;
      const sent = await props.live.send('notice.proceed', kind.value === '' ? {} : { kind: kind.value });
      busy.value = false;
      if (sent.ok) return keepDraft(place, {});
      const { detail, errors } = sent.problem;
      wrong.value = { at: errors ? 'kind' : firstOpen(), text: detail };
    };
    const errorAt = (name: string) => (wrong.value?.at === name ? wrong.value.text : undefined);

    const ticks = () => {
      const { clauses = [], declaration } = notice.value ?? {};
      return (
        <section class="card">
          <h2 class="notice-heading">{notice.value?.heading}</h2>
          {clauses.map(({ clause, text, acknowledgedAt }) => (
            <TickField
              key={clause}
              title={text}
              ticked={acknowledgedAt !== null || onTheWay.value.has(clause)}
              error={errorAt(clause)}
              onTick={(ticked) => ticked && void tick(clause, 'notice.acknowledge', { clause })}
            />
          ))}
          {declaration && (
            <div class="declaration">
              <TickField
                title={declaration.text}
                ticked={declaration.declaredAt !== null || onTheWay.value.has('declaration')}
                error={errorAt('declaration')}
                onTick={(ticked) => ticked && void tick('declaration', 'notice.declare', {})}
              />
            </div>
          )}
        </section>
      );
    };
    const choices = () => {
      const texts = props.matter.notice;
      return (
        <section class="card">
          <h2>{texts.materials}</h2>
          {[texts.materialsNormal, texts.materialsForced, texts.materialsNote].map((text) => (
            <p key={text}>{text}</p>
          ))}
          <fieldset class="kinds" aria-describedby="kind-error" aria-invalid={errorAt('kind') !== undefined}>
            <legend class="hidden">{texts.materials}</legend>
            {(props.matter.choices.kind ?? []).map(({ id, label }) => (
              <label key={id} class={{ chosen: kind.value === id }}>
                <input
                  type="radio"
                  name="kind"
                  value={id}
                  checked={kind.value === id}
                  onChange={() => choose(id)}
                />
                {label}
              </label>
            ))}
          </fieldset>
          <p id="kind-error" class="field-error" aria-live="polite">
            {errorAt('kind')}
          </p>
        </section>
      );
    };
    return () => (
      <form novalidate onSubmit={proceed}>
        <MatterHead view={props.view} />
        {ticks()}
        {choices()}
        <div class="foot">
          <Action
            title={findAllowed(props.view, 'notice.proceed')?.title ?? say(words.next)}
            submit
            busy={busy.value}
          />
        </div>
        <p class="footer">{notice.value?.footer}</p>
      </form>
    );
  },
  { props: [...stepProps] },
);
