import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pino } from "pino";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { loggerOptions } from "./logging.ts";
import { openRotatingFile } from "./rotating-file.ts";

describe("the log", () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "miscord-log-"));
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  test("never contains a token, a password or message content", () => {
    const lines: string[] = [];
    const logger = pino(loggerOptions("info"), { write: (line) => lines.push(line) });
    logger.info(
      { token: "s3cret", user: { password: "s3cret" }, request: { headers: { authorization: "s3cret" } } },
      "a",
    );
    logger.warn({ command: { content: "s3cret" }, cookie: "s3cret" }, "b");
    logger.error({ err: Object.assign(new Error("seen"), { token: "s3cret", body: { content: "s3cret" } }) }, "c");
    expect(lines).toHaveLength(3);
    expect(lines.join("")).not.toContain("s3cret");
    expect(JSON.parse(lines[2]!)).toMatchObject({ err: { type: "Error", message: "seen", token: "[hidden]" } });
  });

  test("keeps the name of the current file and a limited number of old ones", async () => {
    const file = openRotatingFile(join(folder, "logs", "websocket.log"), { maxBytes: 1_000, keep: 2 });
    const names = () => readdirSync(join(folder, "logs")).toSorted((a, b) => a.localeCompare(b));
    const writeLine = async (age: number) => {
      file.write(`${String(age).padEnd(99, "x")}\n`);
      await new Promise((resolve) => setTimeout(resolve, 1));
    };
    // Lines are dropped while the disk is busy, so the number of lines needed is not known.
    while (!names().includes("websocket.log.2")) await writeLine(1);
    const oldest = () => readFileSync(join(folder, "logs", "websocket.log.2"), "utf8");
    while (oldest().startsWith("1")) await writeLine(2);
    await file.close();
    expect(names()).toEqual(["websocket.log", "websocket.log.1", "websocket.log.2"]);
    expect(oldest().length).toBeGreaterThanOrEqual(1_000);
    expect(oldest().length).toBeLessThan(2_100);
  });

  test("appends to an existing file", async () => {
    const path = join(folder, "websocket.log");
    for (const text of ["first\n", "second\n"]) {
      const file = openRotatingFile(path, { maxBytes: 1_000, keep: 2 });
      file.write(text);
      await file.close();
    }
    expect(readFileSync(path, "utf8")).toBe("first\nsecond\n");
  });
});
