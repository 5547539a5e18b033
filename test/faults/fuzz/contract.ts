import { type ZodType, z } from 'zod';

type JsonObject = Record<string, unknown>;
type JsonSchema = Parameters<typeof z.fromJSONSchema>[0];

/** What a request was answered with, however it was sent. */
export interface Answer {
  status: number;
  headers: Record<string, unknown>;
  text: string;
}

export interface Parameter {
  in: 'path' | 'query' | 'header';
  name: string;
  schema: JsonObject;
}

export interface Operation {
  method: string;
  template: string;
  parameters: Parameter[];
  /** Schema of the body, by media type. */
  bodies: Map<string, JsonObject>;
  answers: Map<number, Described>;
}

interface Described {
  /** No media type: no body. */
  content: Map<string, ZodType>;
  headers: string[];
  /** Codes of a problem, as the description names them. */
  codes: string[];
}

export interface Contract {
  operations: Operation[];
  /** What the document has at this method and path; a HEAD is looked up as its GET. */
  find(method: string, url: string): Operation | undefined;
}

interface Spec {
  paths: Record<string, Record<string, SpecOperation>>;
  components: { schemas: JsonObject };
}
interface SpecOperation {
  parameters?: Parameter[];
  requestBody?: { content: Record<string, { schema: JsonObject }> };
  responses: Record<string, SpecAnswer>;
}
interface SpecAnswer {
  description: string;
  headers?: JsonObject;
  content?: Record<string, { schema: JsonObject }>;
}

/** Reads an OpenAPI document as a list of promises about answers, of the routes that begin so. */
export function readContract(document: unknown, beginning = '/'): Contract {
  const spec = document as Spec;
  const schemaOf = createSchemaReader(spec.components.schemas);
  const paths = Object.entries(spec.paths).filter(([template]) => template.startsWith(beginning));
  const operations = paths.flatMap(([template, methods]) =>
    Object.entries(methods).map(([method, operation]) =>
      readOperation(method.toUpperCase(), template, operation, schemaOf),
    ),
  );
  return { operations, find: (method, url) => findOperation(operations, method, url) };
}

type SchemaReader = (schema: JsonObject) => ZodType;

/** JSON Schema 2020-12 as zod reads it back, each shape once. */
function createSchemaReader(schemas: JsonObject): SchemaReader {
  const known = new Map<string, ZodType>();
  const $defs = localise(schemas);
  return (schema) => {
    const text = JSON.stringify(schema);
    const found = known.get(text) ?? z.fromJSONSchema({ ...localise(schema), $defs } as JsonSchema);
    known.set(text, found);
    return found;
  };
}

function localise(schema: JsonObject): JsonObject {
  return JSON.parse(JSON.stringify(schema).replaceAll('"#/components/schemas/', '"#/$defs/'));
}

function readOperation(
  method: string,
  template: string,
  { parameters = [], requestBody, responses }: SpecOperation,
  schemaOf: SchemaReader,
): Operation {
  const bodies = Object.entries(requestBody?.content ?? {}).map(
    ([type, { schema }]) => [type, schema] as const,
  );
  const answers = Object.entries(responses).map(
    ([status, answer]) => [Number(status), readAnswer(answer, schemaOf)] as const,
  );
  return { method, template, parameters, bodies: new Map(bodies), answers: new Map(answers) };
}

function readAnswer(
  { description, headers = {}, content = {} }: SpecAnswer,
  schemaOf: SchemaReader,
): Described {
  return {
    content: new Map(Object.entries(content).map(([type, { schema }]) => [type, schemaOf(schema)])),
    headers: Object.keys(headers),
    codes: [...description.matchAll(/`([a-z][a-z0-9-]+)`/g)].map(([, code = '']) => code),
  };
}

/** As the router does it: fixed segments before named ones. */
function findOperation(operations: Operation[], method: string, url: string): Operation | undefined {
  const path = decodePath(url);
  if (path === undefined) return undefined;
  const wanted = method === 'HEAD' ? 'GET' : method;
  const fitting = operations.filter((each) => each.method === wanted && fits(each.template, path));
  return fitting.toSorted((a, b) => countNames(a) - countNames(b))[0];
}

/** A path is compared by its segments, each decoded by itself: an encoded slash parts nothing. */
function decodePath(url: string): string[] | undefined {
  const [path = ''] = url.split(/[?#]/, 1);
  try {
    return path.split('/').map((segment) => decodeURIComponent(segment));
  } catch {
    return undefined;
  }
}

function fits(template: string, path: string[]): boolean {
  const segments = template.split('/');
  return (
    segments.length === path.length &&
    segments.every((segment, at) => segment.startsWith('{') || segment === path[at])
  );
}

function countNames({ template }: Operation): number {
  return template.split('{').length;
}
