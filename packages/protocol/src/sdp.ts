import { z } from "zod";
import { limits } from "./limits.ts";

/** Not the end of a line in RFC 8866, and taken for one by some readers. */
const falseLineEnd = /\r(?!\n)|[\0\u2028\u2029]/;

/**
 * A session description. One whose lines end differently for different readers is refused: the server might leave in it
 * what it has to take out, as the browser reads it.
 */
export const sdp = z
  .string()
  .min(1)
  .max(limits.sdpLength)
  .refine((text) => !falseLineEnd.test(text), "not a session description");
