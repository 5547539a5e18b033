import { z } from 'zod';
import { personal } from '../../../engine/classify.ts';
import type { EffectDefinition, Personal } from '../../../engine/types.ts';
import type { Providers } from '../../../providers/types.ts';
import { faceFailure, faceLimit } from './events.ts';

/** Three tries within about two seconds: the answer to the event still waits for them. */
export const QUICK = { timeoutMs: 8_000, attempts: 3, backoffMs: 500 };

/** Effects of the steps every matter begins with. Personal values come from the vault, never from the machine. */
export function stepsEffects({ people, sms, faces }: Providers): Record<string, EffectDefinition> {
  return {
    findPerson: {
      ...QUICK,
      output: z.strictObject({ registered: z.boolean() }),
      run: ({ personal: values, key, signal }) =>
        people.find(
          { name: vaulted(values, 'name'), idNumber: vaulted(values, 'idNumber') },
          { key, signal },
        ),
    },
    sendCode: {
      ...QUICK,
      output: z.strictObject({ sentKey: z.string(), codeMobile: personal(z.string()) }),
      async run({ personal: values, key, signal, tools }) {
        const mobile = vaulted(values, 'mobile');
        await sms.send({ mobile, text: codeText(tools.codeFor(key, mobile)) }, { key, signal });
        return { sentKey: key, codeMobile: mobile };
      },
    },
    createAccount: {
      ...QUICK,
      output: z.strictObject({ created: z.boolean() }),
      run: ({ personal: values, key, signal }) =>
        people.register(
          {
            idType: 'resident-id-card',
            name: vaulted(values, 'name'),
            idNumber: vaulted(values, 'idNumber'),
            idValidFrom: vaulted(values, 'idValidFrom'),
            idValidTo: vaulted(values, 'idValidTo'),
            mobile: vaulted(values, 'mobile'),
            passwordHash: vaulted(values, 'passwordHash'),
          },
          { key, signal },
        ),
    },
    startFace: {
      ...QUICK,
      output: z.strictObject({
        // No longer than the form of face.finish takes back.
        faceToken: personal(z.string().min(1).max(200)),
        // People are sent there: an address that runs in the page would act as the page.
        faceUrl: personal(z.url({ protocol: /^https?$/ }).max(2_000)),
        expiresAt: z.iso.datetime(),
      }),
      async run({ caseId, personal: values, key, signal }) {
        const started = await faces.start(
          { name: vaulted(values, 'name'), idNumber: vaulted(values, 'idNumber'), subject: caseId },
          { key, signal },
        );
        return { faceToken: started.token, faceUrl: started.url, expiresAt: started.expiresAt };
      },
    },
    checkFace: {
      ...QUICK,
      output: z.strictObject({ outcome: z.enum(['pass', 'mismatch', 'unfinished']) }),
      async run({ caseId, personal: values, key, signal }) {
        const result = await faces.check(
          { token: vaulted(values, 'faceToken'), subject: caseId },
          { key, signal },
        );
        if (result.subject !== caseId) throw new TypeError('the provider answered about another case');
        return { outcome: result.outcome };
      },
      // Counted where the result comes in: checks begun side by side would all have been let through at their start.
      settle: ({ output, at, personal: values, tools }) => {
        const marks = output.outcome === 'mismatch' ? [faceFailure(values, tools)] : [];
        return output.outcome === 'unfinished' ? {} : { limits: [faceLimit(values, at, tools)], marks };
      },
    },
  };
}

function codeText(code: string): string {
  return `【住房和城乡建设部政务服务平台】验证码${code},5分钟内有效,请勿告诉他人。`;
}

/** @throws Error when the step before did not leave the value: a mistake in the machine. */
export function vaulted(values: Personal, field: string): string {
  const value = values[field];
  if (value === undefined) throw new Error(`no ${field} in the vault`);
  return value;
}
