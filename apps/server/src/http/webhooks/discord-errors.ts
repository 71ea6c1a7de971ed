import { errorTable, type ErrorCode } from "@miscord/protocol";
import type { FastifyReply } from "fastify";
import type { AppError } from "../../errors.ts";

/** Discord's numbers for what can go wrong with a webhook. */
const numbers: Partial<Record<ErrorCode, number>> = {
  unauthorized: 10_015,
  not_found: 10_008,
  invalid_request: 50_035,
  malformed: 50_109,
  forbidden: 50_013,
  automod_blocked: 200_000,
  too_large: 40_005,
  limit_reached: 40_005,
};

/** In Discord's shape. Whether the id or the token is wrong is not told. */
export function sendDiscordError(reply: FastifyReply, { code, message, details, retryAfterMs }: AppError): void {
  if (code === "rate_limited") {
    const seconds = Math.max(0.001, (retryAfterMs ?? 1_000) / 1_000);
    reply.code(429).header("retry-after", Math.ceil(seconds));
    reply.header("x-ratelimit-scope", "shared").header("x-ratelimit-reset-after", seconds.toFixed(3));
    reply.send({ message: "You are being rate limited.", retry_after: seconds, global: false });
    return;
  }
  const status = code === "unauthorized" ? 404 : errorTable[code].status;
  const text = code === "unauthorized" ? "Unknown Webhook" : message;
  const fields = (details as { issues?: Issue[] } | undefined)?.issues;
  reply.code(status).send({ message: text, code: numbers[code] ?? 0, ...(fields && { errors: byPath(fields) }) });
}

interface Issue {
  path: string;
  message: string;
}

/** `{content: {_errors: [{code, message}]}}`. */
function byPath(issues: readonly Issue[]): Record<string, unknown> {
  const errors: Record<string, unknown> = {};
  for (const { path, message } of issues) {
    let at = errors;
    for (const part of path.split(".").filter((one) => one !== "")) {
      if (!Object.hasOwn(at, part)) at[part] = {};
      at = at[part] as Record<string, unknown>;
    }
    const earlier = Object.hasOwn(at, "_errors") ? (at["_errors"] as unknown[]) : [];
    at["_errors"] = [...earlier, { code: "BASE_TYPE_BAD_VALUE", message }];
  }
  return errors;
}
