import { z } from 'zod';
import { personal } from '../../engine/classify.ts';
import type { ActionDefinition, EffectDefinition, EffectInput, JsonObject } from '../../engine/types.ts';
import type { Providers, RegisterEntry } from '../../providers/types.ts';
import { QUICK, stepsEffects, vaulted } from '../shared/steps/effects.ts';
import { part, text } from '../shared/steps/events.ts';
import { itemCode } from './guide.ts';

/** A name, a number, a branch of engineering: something, and not a page of it. */
const words = z.string().min(1).max(200);
/** The register knows a dozen. */
const MAX_SPECIALTIES = 30;

const registerOutput = z.strictObject({
  status: z.enum(['valid', 'deregistered', 'none']),
  specialties: z.array(words).max(MAX_SPECIALTIES),
  registeredName: personal(words).optional(),
  sex: personal(z.enum(['1', '2'])).optional(),
  birthDate: personal(z.iso.date()).optional(),
  registeredMobile: personal(words).optional(),
  employerName: personal(words).optional(),
});

/** Told and taken back until it is done: nobody waits for these. */
const PATIENT = { timeoutMs: 10_000, attempts: Number.MAX_SAFE_INTEGER, backoffMs: 2_000 };

export function deregistrationEffects(providers: Providers): Record<string, EffectDefinition> {
  const { register } = providers;
  return {
    ...stepsEffects(providers),
    readRegister: {
      ...QUICK,
      output: registerOutput,
      async run({ personal: values, key, signal }) {
        const person = { name: vaulted(values, 'name'), idNumber: vaulted(values, 'idNumber') };
        return readEntry(await register.read(person, { key, signal }), person);
      },
      settle: ({ output, personal: values, tools }) =>
        // One open deregistration a person, whatever device or account they came with.
        output.status === 'valid'
          ? {
              claim: {
                scope: 'open-person:supervision-engineer-deregistration',
                subject: tools.digestOf('subject', vaulted(values, 'idNumber')),
              },
            }
          : {},
    },
    fileDeregistration: {
      ...QUICK,
      output: z.strictObject({ filingNumber: words }),
      run: (input) => register.file(filingOf(input), { key: input.key, signal: input.signal }),
    },
  };
}

export function deregistrationActions({ register }: Providers): Record<string, ActionDefinition> {
  return {
    tellEnterprise: {
      ...PATIENT,
      run: ({ caseId, personal: values, key, signal }) =>
        register.tellEnterprise({ caseId, employerName: vaulted(values, 'employerName') }, { key, signal }),
    },
    withdrawFiling: {
      ...PATIENT,
      run: ({ caseId, key, signal }) => register.withdraw({ caseId }, { key, signal }),
    },
  };
}

/** @throws TypeError when the register answers about somebody else, or with something that is no answer. */
function readEntry(entry: RegisterEntry | undefined, asked: { name: string; idNumber: string }): JsonObject {
  if (entry === undefined) return { status: 'none', specialties: [] };
  if (entry.idNumber !== asked.idNumber) {
    throw new TypeError('the register answered about another person');
  }
  return {
    status: entry.status,
    specialties: entry.specialties,
    registeredName: entry.name,
    sex: entry.sex,
    birthDate: entry.birthDate,
    registeredMobile: entry.mobile,
    employerName: entry.employerName,
  };
}

function filingOf({ caseId, input, personal: values }: EffectInput) {
  const facts = part({ input }, 'input');
  const { materials } = facts;
  return {
    caseId,
    itemCode,
    kind: facts.kind === 'forced' ? ('forced' as const) : ('normal' as const),
    reason: text(facts.reason),
    idNumber: vaulted(values, 'idNumber'),
    name: vaulted(values, 'name'),
    ethnicity: vaulted(values, 'ethnicity'),
    materials: Array.isArray(materials) ? materials.map((each) => filedMaterial(part({ each }, 'each'))) : [],
  };
}

function filedMaterial(material: JsonObject) {
  return {
    digest: text(material.digest),
    size: Number(material.size),
    mediaType: text(material.mediaType),
    material: text(material.material),
  };
}
