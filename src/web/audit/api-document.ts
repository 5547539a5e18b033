import { shallowRef } from 'vue';
import { ask } from './session.ts';

/** As much of the OpenAPI document as pages look at that follow it: what is asked for, and what comes. */
export interface ApiDocument {
  paths: Record<string, { get?: Operation }>;
  components: { schemas: Record<string, Schema> };
}
export interface Operation {
  summary?: string;
  parameters?: Parameter[];
  responses: Record<string, { content?: Record<string, { schema: Schema }> }>;
}
export interface Parameter {
  name: string;
  in: string;
  required?: boolean;
  description?: string;
  schema?: Schema;
}
export interface Schema {
  $ref?: string;
  enum?: string[];
  properties?: Record<string, Schema>;
  items?: Schema;
}

export const apiDocument = shallowRef<ApiDocument>();
let asked: Promise<void> | undefined;

/** Fetched once: what a service offers does not change while it runs. */
export function loadApiDocument(): Promise<void> {
  asked ??= ask('/openapi.json').then(async (answer) => {
    if ('response' in answer) apiDocument.value = (await answer.response.json()) as ApiDocument;
    else asked = undefined;
  });
  return asked;
}

/** What a schema stands for, where it only names another. */
function resolveSchema(document: ApiDocument, schema: Schema | undefined): Schema {
  const name = schema?.$ref?.split('/').at(-1);
  return (name === undefined ? schema : document.components.schemas[name]) ?? {};
}

/** What a list answers its items in: the names of their members, in order. */
export function membersOf(document: ApiDocument, operation: Operation): string[] {
  const answer = resolveSchema(document, operation.responses['200']?.content?.['application/json']?.schema);
  const item = resolveSchema(document, answer.properties?.items?.items);
  return Object.keys(item.properties ?? {});
}
