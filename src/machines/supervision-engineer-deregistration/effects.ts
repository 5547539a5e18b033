import { z } from 'zod';
import { personal } from '../../engine/classify.ts';
import type { ActionDefinition, EffectDefinition, EffectInput, JsonObject } from '../../engine/types.ts';
import type { Providers, RegisterEntry } from '../../providers/types.ts';
import { QUICK, stepsEffects, vaulted } from '../shared/steps/effects.ts';
import { part, text } from '../shared/steps/events.ts';
import { itemCode } from './guide.ts';

const registerOutput = z.strictObject({
  status: z.enum(['valid', 'deregistered', 'none']),
  specialties: z.array(z.string()),
  registeredName: personal(z.string()).optional(),
  sex: personal(z.string()).optional(),
  birthDate: personal(z.string()).optional(),
  registeredMobile: personal(z.string()).optional(),
  employerName: personal(z.string()).optional(),
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
        return readEntry(await register.read(person, { key, signal }));
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
      output: z.strictObject({ filingNumber: z.string() }),
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

function readEntry(entry: RegisterEntry | undefined): JsonObject {
  if (!entry) return { status: 'none', specialties: [] };
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
