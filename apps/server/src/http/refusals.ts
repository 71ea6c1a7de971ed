import { errorTable, type ErrorCode, type HttpError, type SecurityEvent } from "@miscord/protocol";
import type { Socket } from "node:net";
import type { FastifyError, FastifyReply, FastifyRequest } from "fastify";
import { AppError } from "../errors.ts";
import { limitRefused, refusalOf } from "./anonymous-rate.ts";
import type { HttpOptions } from "./options.ts";

const securityEvents: Partial<Record<ErrorCode, SecurityEvent>> = {
  unauthorized: "auth_failure",
  invalid_credentials: "auth_failure",
  rate_limited: "rate_limited",
  forbidden: "forbidden",
  malformed: "malformed",
};

/**
 * Turns errors into HTTP responses, which `send` writes. An internal error is logged, and its details are not sent to the
 * client.
 */
export function createRefusalHandler(options: HttpOptions, send = sendRefusal) {
  const { logger, security, addressOf } = options;
  return (error: unknown, request: FastifyRequest, reply: FastifyReply): void => {
    const refusal = limitRefused(request, toAppError(error), options);
    if (refusal.code === "internal") {
      logger.error({ err: error, method: request.method, route: request.routeOptions.url }, "request failed");
    }
    const event = securityEvents[refusal.code];
    // A browser without a session calls this route once at start: not a sign of an attack.
    if (event && request.routeOptions.url !== "/api/auth/refresh") {
      security.record(event, addressOf(request.raw).address);
    }
    send(reply, refusal);
  };
}

/**
 * For addresses that no route can be looked for with: they cannot be read, or have a part that is too long. No hook has seen such a
 * request, so it counts here.
 */
export function createUnroutableHandler(options: HttpOptions) {
  const { security, addressOf } = options;
  return (error: unknown, request: FastifyRequest, reply: FastifyReply): void => {
    const refusal = refusalOf(request, options) ?? toAppError(error);
    const event = securityEvents[refusal.code];
    if (event) security.record(event, addressOf(request.raw).address);
    sendRefusal(reply.header("connection", "close"), refusal);
  };
}

const unparsed: Readonly<Record<string, string>> = {
  ERR_HTTP_REQUEST_TIMEOUT: "408 Request Timeout",
  HPE_HEADER_OVERFLOW: "431 Request Header Fields Too Large",
};

/**
 * For what is no request, or never becomes one. The answer says that the connection ends with it: a front would keep it for somebody
 * else's request, and take its end for a failure of this node.
 */
export function refuseUnparsed({ code }: Error & { code?: string }, socket: Socket): void {
  if (code === "ECONNRESET" || !socket.writable) return void socket.destroy();
  const status = unparsed[code ?? ""] ?? "400 Bad Request";
  socket.end(`HTTP/1.1 ${status}\r\nConnection: close\r\nContent-Length: 0\r\n\r\n`);
  socket.destroySoon();
}

/** Said of the file that a route was about to send. */
const ofFile = ["etag", "content-disposition", "content-range", "accept-ranges"];

export function sendRefusal(reply: FastifyReply, refusal: AppError): void {
  // A cache would keep the refusal for as long as the file, or show it as this version of the file.
  for (const name of ofFile) reply.removeHeader(name);
  reply.header("cache-control", "no-store");
  const { code, message, details, retryAfterMs } = refusal;
  if (retryAfterMs !== undefined) reply.header("retry-after", Math.ceil(retryAfterMs / 1_000));
  const body: HttpError = { error: { code, message, ...(details === undefined ? {} : { details }) } };
  reply.code(errorTable[code].status).send(body);
}

function toAppError(error: unknown): AppError {
  if (error instanceof AppError) return error;
  const { statusCode, message } = error as Partial<FastifyError>;
  const options = { cause: error };
  if (statusCode === 413) return new AppError("too_large", "The request is too large.", options);
  if (statusCode === 415) return new AppError("unsupported_media", message ?? "", options);
  if (statusCode !== undefined && statusCode >= 400 && statusCode < 500) {
    return new AppError("malformed", message ?? "The request is malformed.", options);
  }
  return new AppError("internal", "Something went wrong on our side.", options);
}
