import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod';
import { z } from 'zod';
import { Problem } from '../../engine/errors.ts';
import type { SimulatorControl } from '../../providers/simulator/index.ts';
import { faceCsp, facePage, faceScript, faceStyle } from './simulator-face-page.ts';

type App = Parameters<FastifyPluginAsyncZod>[0];

const tags = ['simulator'];
/** Anyone may play the world outside. */
const open = { open: true as const };
const posting = ['form-invalid', 'unsupported-media-type', 'payload-too-large'];

const person = z.strictObject({
  invented: z.literal(true).describe('This person does not exist.'),
  name: z.string(),
  idNumber: z.string(),
  mobile: z.string(),
  registered: z.boolean().describe('Has an account on the platform now.'),
  register: z.enum(['valid', 'deregistered', 'none']).describe("How the engineers' register has them."),
  employerName: z.string(),
  specialties: z.array(z.string()),
  sex: z.enum(['1', '2']).describe('GB/T 2261.1'),
  birthDate: z.iso.date(),
});
const message = z.strictObject({ mobile: z.string(), text: z.string(), at: z.iso.datetime() });
const faceParams = z.strictObject({ token: z.string().max(200) });
const faceAnswer = z.strictObject({ outcome: z.enum(['pass', 'mismatch', 'unfinished', 'down']) });
const fault = z.strictObject({
  provider: z.enum(['people', 'sms', 'faces', 'register']),
  failNext: z
    .int()
    .min(0)
    .max(1_000)
    .optional()
    .describe('Calls that will fail, from the next one; 0 when left out.'),
  delayMs: z
    .int()
    .min(0)
    .max(600_000)
    .optional()
    .describe('Each call waits so long, until set again; 0 when left out.'),
});

/** The simulators' own routes: where the person, the phone and the breakdown are played. */
export function simulatorRoutes(control: SimulatorControl): FastifyPluginAsyncZod {
  return async (app) => {
    app.addHook('onSend', async (_request, reply) => {
      reply.header('cache-control', 'no-store').header('referrer-policy', 'no-referrer');
    });
    readRoutes(app, control);
    faceRoutes(app, control);
    facePageRoutes(app, control);
    faultRoute(app, control);
  };
}

function readRoutes(app: App, control: SimulatorControl): void {
  app.get(
    '/simulator/people',
    {
      config: open,
      schema: {
        tags,
        summary: 'The sample people, all invented',
        response: { 200: z.strictObject({ people: z.array(person) }) },
      },
    },
    async () => ({
      people: control.people().map((sample) => ({ ...sample, specialties: [...sample.specialties] })),
    }),
  );
  app.get(
    '/simulator/sms',
    {
      config: { ...open, problems: ['form-invalid'] },
      schema: {
        tags,
        summary: 'The messages a phone has "received", newest first',
        querystring: z.strictObject({ mobile: z.string().regex(/^1[3-9]\d{9}$/) }),
        response: { 200: z.strictObject({ messages: z.array(message) }) },
      },
    },
    async ({ query }) => ({ messages: control.messages(query.mobile) }),
  );
}

function faceRoutes(app: App, control: SimulatorControl): void {
  app.post(
    '/simulator/faces/:token',
    {
      config: { ...open, problems: ['not-found', ...posting] },
      schema: {
        tags,
        summary: 'What the person did before the camera; answers with what now stands',
        description:
          'A pass or a mismatch is final for its token. An expired token is answered as an unknown one.',
        params: faceParams,
        body: faceAnswer,
        response: { 200: faceAnswer },
      },
    },
    async ({ params, body }) => {
      control.setFaceOutcome(params.token, body.outcome);
      return { outcome: getFaceOutcome(control, params.token) };
    },
  );
}

function facePageRoutes(app: App, control: SimulatorControl): void {
  app.get(
    '/simulator/faces/:token',
    {
      config: { ...open, problems: ['not-found', 'form-invalid'], produces: ['text/html'] },
      schema: {
        tags,
        summary: 'The simulated face check: a page with four buttons',
        params: faceParams,
        response: { 200: z.string() },
      },
    },
    async ({ params }, reply) => {
      getFaceOutcome(control, params.token);
      return reply.header('content-security-policy', faceCsp).type('text/html; charset=utf-8').send(facePage);
    },
  );
  app.get('/simulator/face.js', { schema: { hide: true } }, async (_request, reply) =>
    reply.type('text/javascript; charset=utf-8').send(faceScript),
  );
  app.get('/simulator/face.css', { schema: { hide: true } }, async (_request, reply) =>
    reply.type('text/css; charset=utf-8').send(faceStyle),
  );
}

function faultRoute(app: App, control: SimulatorControl): void {
  app.post(
    '/simulator/faults',
    {
      config: { ...open, problems: posting },
      schema: {
        tags,
        summary: 'Breaks or slows a provider for a while, in place of what was set before',
        body: fault,
        response: { 204: z.null().describe('Set.') },
      },
    },
    async ({ body: { provider, failNext, delayMs } }, reply) => {
      control.fail(provider, { failNext, delayMs });
      return reply.code(204).send(null);
    },
  );
}

function getFaceOutcome(control: SimulatorControl, token: string) {
  const outcome = control.findFaceOutcome(token);
  if (outcome === undefined) throw new Problem({ code: 'not-found' });
  return outcome;
}
