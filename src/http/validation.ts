import type { FastifySchemaCompiler } from 'fastify';
import { ZodObject, type ZodType } from 'zod';
import { Problem } from '../engine/errors.ts';
import { parseForm } from '../engine/forms.ts';

/** Bodies, queries and paths are checked like every form: nothing coerced, nothing dropped, errors with pointers. */
export const validate: FastifySchemaCompiler<ZodType> = ({ schema, httpPart }) => {
  // Headers stand in a schema for the documentation only: what they may hold is read where they are used.
  if (httpPart === 'headers') return (value: unknown) => ({ value });
  if (!(schema instanceof ZodObject))
    throw new TypeError(`only an object schema can be checked: ${httpPart}`);
  return (value: unknown) => {
    const parsed = parseForm(schema, value, {});
    return parsed.ok ? { value: parsed.values } : { error: new Problem(parsed.problem) };
  };
};

/** For routes whose body is the engine's to check, in its place behind "is it yours" and "is it allowed now". */
export const validateNothing: FastifySchemaCompiler<unknown> = () => (value: unknown) => ({ value });
