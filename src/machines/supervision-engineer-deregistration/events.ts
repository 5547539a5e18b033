import { z } from 'zod';
import { EN } from '../../engine/classify.ts';
import type { EventDefinition, JsonObject, Prepared, PrepareInput } from '../../engine/types.ts';
import {
  clauseField,
  ethnicityField,
  forcedReasonField,
  kindField,
  reasonField,
  specialtyField,
} from '../shared/fields.ts';
import { FORCED_REASONS } from '../shared/reasons.ts';
import {
  type AddressLimits,
  fieldProblem,
  nothing,
  part,
  stepsEvents,
  text,
} from '../shared/steps/events.ts';
import { APPLICANT, PLEDGE_VERSION } from './policy.ts';

const evidenceKinds = FORCED_REASONS.map((reason) => reason.id);

/** A reason of the other branch is a mistake worth its own words, not just an unknown field. */
const otherBranch = z.never({ error: 'reason-mismatch' }).optional();

const common = { ethnicity: ethnicityField, specialty2: specialtyField };
const normal = { reason: reasonField, forcedReason: otherBranch };
const forced = { forcedReason: forcedReasonField, reason: otherBranch };

/** One form for each branch, and for one or two specialties in the register: figure 9-1 and 9-2. */
const submitForms = {
  normal: {
    one: z.strictObject({ ...common, specialty2: specialtyField.optional(), ...normal }),
    two: z.strictObject({ ...common, ...normal }),
  },
  forced: {
    one: z.strictObject({ ...common, specialty2: specialtyField.optional(), ...forced }),
    two: z.strictObject({ ...common, ...forced }),
  },
};
const saveForms = {
  normal: z.strictObject({ ...common, ...normal }).partial(),
  forced: z.strictObject({ ...common, ...forced }).partial(),
};

const materialForm = z.strictObject({
  material: z.enum(evidenceKinds, { error: 'material-invalid' }).meta({ title: '材料', [EN]: 'Document' }),
});

function kindOf(context: JsonObject): 'normal' | 'forced' {
  return part(context, 'form').kind === 'forced' ? 'forced' : 'normal';
}

function specialtiesOf(context: JsonObject): unknown[] {
  const { specialties } = part(context, 'register');
  return Array.isArray(specialties) ? specialties : [];
}

/** Public events, in the order of the figures. */
export function deregistrationEvents(address: AddressLimits): Record<string, EventDefinition> {
  const roles = APPLICANT;
  return {
    ...stepsEvents(roles, address),
    'notice.acknowledge': {
      title: { zh: '确认条款', en: 'Acknowledge a clause' },
      roles,
      forms: [z.strictObject({ clause: clauseField })],
    },
    'notice.declare': {
      title: {
        zh: '本人已认真阅读以上条款,不存在以上情形',
        en: 'I have read the clauses; none of them applies',
      },
      roles,
      forms: [nothing],
    },
    'notice.proceed': {
      title: { zh: '下一步', en: 'Next' },
      roles,
      forms: [z.strictObject({ kind: kindField })],
    },
    'form.save': {
      title: { zh: '保存', en: 'Save draft' },
      roles,
      forms: [saveForms.normal, saveForms.forced],
      formFor: (context) => saveForms[kindOf(context)],
    },
    'form.back': { title: { zh: '上一步', en: 'Back' }, roles, forms: [nothing] },
    'pledge.accept': {
      title: { zh: '查看承诺书', en: 'Read and accept the commitment letter' },
      roles,
      forms: [nothing],
      prepare: () => ({ facts: { pledgeVersion: PLEDGE_VERSION } }),
    },
    'material.add': {
      title: { zh: '上传材料', en: 'Upload a document' },
      roles,
      forms: [materialForm],
      upload: true,
    },
    'material.remove': {
      title: { zh: '删除材料', en: 'Remove a document' },
      roles,
      forms: [z.strictObject({ attachment: z.string().max(64) })],
      prepare: prepareRemoval,
    },
    'form.submit': {
      title: { zh: '下一步', en: 'Submit' },
      roles,
      forms: [submitForms.normal.two, submitForms.normal.one, submitForms.forced.two, submitForms.forced.one],
      formFor: (context) => submitForms[kindOf(context)][specialtiesOf(context).length > 1 ? 'two' : 'one'],
      prepare: prepareSubmission,
    },
    'case.withdraw': { title: { zh: '撤回申请', en: 'Withdraw' }, roles, forms: [nothing] },
  };
}

function prepareRemoval({ form, context }: PrepareInput): Prepared {
  const known = materialsOf(context).some((material) => material.id === form.attachment);
  return known ? {} : { problem: { code: 'attachment-not-found' } };
}

function prepareSubmission({ form, context }: PrepareInput): Prepared {
  const problem = checkSpecialty(form, context) ?? checkEvidence(form, context);
  return problem ? { problem } : {};
}

/** What is deregistered is what the register holds. */
function checkSpecialty(form: JsonObject, context: JsonObject) {
  const [, second] = specialtiesOf(context);
  if (form.specialty2 === second) return undefined;
  return {
    code: 'form-invalid',
    errors: [
      { pointer: '/specialty2', code: 'specialty-not-registered', params: { specialty: text(second) } },
    ],
  };
}

/** Figure 8: 劳动仲裁结果 with an arbitration, 法院判决书 with a judgment. */
function checkEvidence(form: JsonObject, context: JsonObject) {
  if (kindOf(context) === 'normal') return undefined;
  const given = materialsOf(context).some((material) => material.material === form.forcedReason);
  if (given) return undefined;
  return fieldProblem({ pointer: '/materials', code: `material-required.${text(form.forcedReason)}` });
}

function materialsOf(context: JsonObject): JsonObject[] {
  const { materials } = context;
  return Array.isArray(materials)
    ? materials.filter(
        (each): each is JsonObject => typeof each === 'object' && each !== null && !Array.isArray(each),
      )
    : [];
}
