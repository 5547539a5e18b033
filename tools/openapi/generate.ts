import openapiTS, { astToString } from 'openapi-typescript';
import { startTestApp } from '../../test/helpers.ts';

const HEAD =
  '// Written from the OpenAPI document by `npm run client:generate`; a test holds it to what the server says.\n';

interface Document {
  paths: Record<string, Record<string, { responses: Record<string, unknown> }>>;
}

/** The types of the whole API, as this code serves it: no server listens for that. */
export async function generateClientTypes(): Promise<string> {
  const kit = await startTestApp();
  try {
    const document = (await kit.anyone.get('/openapi.json')).json<Document>();
    return HEAD + astToString(await openapiTS(JSON.stringify(withOneProblem(document))));
  } finally {
    await kit.close();
  }
}

/** Every problem has the same shape, whatever its status: said once an operation instead of ten times. */
function withOneProblem(document: Document): Document {
  for (const operation of Object.values(document.paths).flatMap((path) => Object.values(path))) {
    const answers = Object.entries(operation.responses);
    const [problem] = answers.filter(([status]) => Number(status) >= 400);
    const others = answers.filter(([status]) => Number(status) < 400);
    operation.responses = Object.fromEntries(problem ? [...others, ['default', problem[1]]] : others);
  }
  return document;
}
