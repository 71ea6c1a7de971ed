import { pictureIdPattern } from "@miscord/protocol";
import { id } from "@miscord/protocol/schemas";
import type { FastifyRequest } from "fastify";
import { z } from "zod";
import { AppError } from "../errors.ts";

/**
 * The trust boundary for requests: returns validated input.
 * @throws AppError `invalid_request` that lists every fault
 */
export function parse<Schema extends z.ZodType>(schema: Schema, input: unknown): z.output<Schema> {
  const result = schema.safeParse(input ?? {});
  if (result.success) return result.data;
  const issues = result.error.issues.map(({ path, message }) => ({ path: path.join("."), message }));
  const summary = issues.map(({ path, message }) => (path ? `${path}: ${message}` : message)).join("; ");
  throw new AppError("invalid_request", summary.slice(0, 500), { details: { issues: issues.slice(0, 20) } });
}

const idText = z
  .string()
  .regex(/^\d{1,16}$/, "must be an id")
  .transform(Number)
  .pipe(id);

const text = z
  .string()
  .min(1)
  .max(200)
  .regex(/^\P{Cc}*$/u, "must not hold control characters");

/** An id in the path. */
export function idParam(request: FastifyRequest, name: string): number {
  return parse(z.looseObject({ [name]: idText }), request.params)[name] as number;
}

/** A text in the path, at most 200 characters. */
export function textParam(request: FastifyRequest, name: string): string {
  return parse(z.looseObject({ [name]: text }), request.params)[name] as string;
}

/** As long as the router takes. */
const seal = z.looseObject({ seal: z.string().min(1).max(1_400) });

/** `seal` in the path: what this instance has sealed. */
export function sealParam(request: FastifyRequest): string {
  return parse(seal, request.params).seal;
}

const pictureId = z.looseObject({ pictureId: z.string().regex(pictureIdPattern, "must be the id of a picture") });

/** `pictureId` in the path. */
export function pictureIdParam(request: FastifyRequest): string {
  return parse(pictureId, request.params).pictureId;
}
