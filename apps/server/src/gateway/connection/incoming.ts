import { limits } from "@miscord/protocol";
import type { z } from "zod";
import { AppError } from "../../errors.ts";
import { isTooDeep } from "../../json-depth.ts";

export type Ref = string | number;

/** A frame that is not a valid command, with the fields that the error event repeats. */
export class BadFrame extends AppError {
  readonly ref: Ref | undefined;
  readonly nonce: string | undefined;

  constructor(
    code: "malformed" | "unknown_type" | "invalid_request",
    message: string,
    frame?: Record<string, unknown>,
  ) {
    super(code, message);
    this.ref = refOf(frame?.["ref"]);
    const nonce = frame?.["nonce"];
    this.nonce = typeof nonce === "string" && nonce.length <= limits.nonceLength ? nonce : undefined;
  }
}

type Commands = z.ZodDiscriminatedUnion<z.ZodObject<{ type: z.ZodLiteral<string> }>[]>;

/** The trust boundary for frames: a parser that returns a validated command or throws a BadFrame. */
export function commandParser<S extends Commands>(commands: S): (data: Buffer, isBinary: boolean) => z.output<S> {
  const knownTypes = new Set<unknown>(commands.options.map(({ shape }) => shape.type.value));
  return (data, isBinary) => {
    const frame = parseObject(data, isBinary);
    if (!knownTypes.has(frame["type"])) throw new BadFrame("unknown_type", "Unknown type.", frame);
    const parsed = commands.safeParse(frame);
    if (parsed.success) return parsed.data;
    const [issue] = parsed.error.issues;
    throw new BadFrame("invalid_request", `${issue?.path.join(".") ?? ""}: ${issue?.message ?? "invalid"}`, frame);
  };
}

/** @throws BadFrame */
export function parseObject(data: Buffer, isBinary: boolean): Record<string, unknown> {
  if (isBinary) throw new BadFrame("malformed", "Frames must be text.");
  if (isTooDeep(data)) throw new BadFrame("malformed", "The JSON is nested too deeply.");
  let value: unknown;
  try {
    value = JSON.parse(data.toString("utf8"));
  } catch {
    throw new BadFrame("malformed", "The frame is not JSON.");
  }
  if (typeof value !== "object" || value === null || Array.isArray(value)) {
    throw new BadFrame("malformed", "The frame is not a JSON object.");
  }
  return value as Record<string, unknown>;
}

function refOf(value: unknown): Ref | undefined {
  if (typeof value === "number") return value;
  return typeof value === "string" && value.length <= 64 ? value : undefined;
}
