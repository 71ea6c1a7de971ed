import { join } from "node:path";
import { multistream, pino, stdTimeFunctions, type DestinationStream, type Logger, type LoggerOptions } from "pino";
import { PinoPretty } from "pino-pretty";
import type { Config } from "../config.ts";
import { openRotatingFile } from "./rotating-file.ts";

const rotation = { maxBytes: 20 * 1024 * 1024, keep: 5 };

/** Never written, whoever passes it by mistake: credentials and what people say to each other. */
const secrets = ["token", "access_token", "refresh_token", "password", "secret", "authorization", "cookie", "content"];

export interface ServerLogger {
  readonly logger: Logger;
  /** Writes what waits. */
  close(): Promise<void>;
}

/** One line each on the console, JSON in `logs/websocket.log`. */
export function createLogger({ logLevel, logDir }: Pick<Config, "logLevel" | "logDir">): ServerLogger {
  if (logLevel === "silent") return { logger: pino({ level: "silent" }), close: async () => {} };
  const file = openRotatingFile(join(logDir, "websocket.log"), rotation);
  const streams = [
    { level: logLevel, stream: consoleStream() },
    { level: logLevel, stream: file },
  ];
  return { logger: pino(loggerOptions(logLevel), multistream(streams)), close: () => file.close() };
}

export function loggerOptions(level: string): LoggerOptions {
  return {
    level,
    base: null,
    timestamp: stdTimeFunctions.isoTime,
    redact: { paths: secrets.flatMap((name) => [name, `*.${name}`, `*.*.${name}`]), censor: "[hidden]" },
  };
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
