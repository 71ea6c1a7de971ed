import { closeSync, mkdirSync, openSync } from "node:fs";
import { join } from "node:path";
import {
  multistream,
  pino,
  stdTimeFunctions,
  type DestinationStream,
  type Level,
  type Logger,
  type LoggerOptions,
} from "pino";
import { PinoPretty } from "pino-pretty";
import type { Config } from "../config.ts";
import { StartupError } from "../startup-error.ts";
import { openRotatingFile, type RotatingFile } from "./rotating-file.ts";

const rotation = { maxBytes: 20 * 1024 * 1024, keep: 5 };

/** Fields that are never logged, even when passed by mistake: credentials and the content of messages. */
const secrets = new Set([
  "token",
  "access_token",
  "refresh_token",
  "password",
  "secret",
  "authorization",
  "cookie",
  "content",
]);
const secretsDepth = 3;

export interface ServerLogger {
  readonly logger: Logger;
  /** Writes buffered entries and closes the file. */
  close(): Promise<void>;
}

export interface FileLogger extends ServerLogger {
  /** Adds an entry that another process has made, as a line of JSON with its level. */
  write(level: number, line: string): void;
}

/**
 * Logs JSON to `logs/websocket.log`. At the default level `info` the console gets warnings and errors only, since the
 * log has an entry for each connection.
 */
export function createLogger({ logLevel, logDir }: Pick<Config, "logLevel" | "logDir">): FileLogger {
  if (logLevel === "silent") return { logger: pino({ level: "silent" }), write: () => {}, close: async () => {} };
  const file = openLogFile(logDir);
  const streams = [
    { level: logLevel === "info" ? "warn" : logLevel, stream: consoleStream() },
    { level: logLevel, stream: file },
  ];
  return {
    logger: pino(loggerOptions(logLevel), multistream(streams)),
    write(level, line) {
      for (const each of streams) if (level >= (pino.levels.values[each.level] ?? 0)) each.stream.write(line);
    },
    close: () => file.close(),
  };
}

/** The logger of a process that leaves the writing to another one. Its entries have the fields `bindings` too. */
export function createRemoteLogger(
  { logLevel }: Pick<Config, "logLevel">,
  bindings: Record<string, unknown>,
  write: (level: number, line: string) => void,
): Logger {
  const streams = Object.entries(pino.levels.values).map(([level, value]) => ({
    level: level as Level,
    stream: { write: (line: string) => write(value, line) },
  }));
  return pino({ ...loggerOptions(logLevel), base: bindings }, multistream(streams, { dedupe: true }));
}

/** Throws a StartupError when the folder cannot be made or the file in it cannot be written. */
function openLogFile(logDir: string): RotatingFile {
  const path = join(logDir, "websocket.log");
  try {
    mkdirSync(logDir, { recursive: true, mode: 0o700 });
    closeSync(openSync(path, "a", 0o600));
    return openRotatingFile(path, rotation);
  } catch (cause) {
    const reason = cause instanceof Error && "code" in cause ? String(cause.code) : String(cause);
    throw new StartupError(`The log ${path} cannot be written (${reason}). Set LOG_DIR to a folder that can.`, {
      cause,
    });
  }
}

export function loggerOptions(level: string): LoggerOptions {
  return {
    level,
    base: null,
    timestamp: stdTimeFunctions.isoTime,
    formatters: { log: (entry) => hideSecrets(entry, secretsDepth) },
    serializers: { err: (error: Error) => hideSecrets({ ...pino.stdSerializers.err(error) }, secretsDepth) },
  };
}

/** Replaces secret fields. Faster than the logger's redaction, which searches each entry once per name and depth. */
function hideSecrets(entry: Record<string, unknown>, depth: number): Record<string, unknown> {
  let hidden = entry;
  for (const [name, value] of Object.entries(entry)) {
    const shown = secrets.has(name) ? "[hidden]" : isPlain(value) && depth > 1 ? hideSecrets(value, depth - 1) : value;
    if (shown !== value) hidden = { ...hidden, [name]: shown };
  }
  return hidden;
}

function isPlain(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && Object.getPrototypeOf(value) === Object.prototype;
}

function consoleStream(): DestinationStream {
  return PinoPretty({
    colorize: process.stdout.isTTY,
    translateTime: "SYS:HH:MM:ss",
    ignore: "pid,hostname",
    singleLine: true,
    sync: true,
  });
}
