import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pino } from "pino";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { loggerOptions } from "./logging.ts";
import { openRotatingFile } from "./rotating-file.ts";

describe("the log", () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "miscord-log-"));
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  it("never holds a token, a password or what people say", () => {
    const lines: string[] = [];
    const logger = pino(loggerOptions("info"), { write: (line) => lines.push(line) });
    logger.info(
      { token: "s3cret", user: { password: "s3cret" }, request: { headers: { authorization: "s3cret" } } },
      "a",
    );
    logger.warn({ command: { content: "s3cret" }, cookie: "s3cret" }, "b");
    expect(lines).toHaveLength(2);
    expect(lines.join("")).not.toContain("s3cret");
  });

  it("keeps its name, and so many old files", async () => {
    const file = openRotatingFile(join(folder, "logs", "websocket.log"), { maxBytes: 1_000, keep: 2 });
    for (let i = 0; i < 60; i += 1) {
      file.write(`${"x".repeat(99)}\n`);
      await new Promise((resolve) => setTimeout(resolve, 1));
    }
    await file.close();
    const names = readdirSync(join(folder, "logs")).toSorted((a, b) => a.localeCompare(b));
    expect(names).toEqual(["websocket.log", "websocket.log.1", "websocket.log.2"]);
    expect(readFileSync(join(folder, "logs", "websocket.log.1"), "utf8")).toHaveLength(1_000);
  });

  it("goes on in the file that is there", async () => {
    const path = join(folder, "websocket.log");
    for (const text of ["first\n", "second\n"]) {
      const file = openRotatingFile(path, { maxBytes: 1_000, keep: 2 });
      file.write(text);
      await file.close();
    }
    expect(readFileSync(path, "utf8")).toBe("first\nsecond\n");
  });
});
