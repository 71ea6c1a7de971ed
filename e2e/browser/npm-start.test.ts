import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Browser } from "playwright-core";
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from "vitest";
import { logIn, openSettings, register, sendRegistration } from "../harness/actions/accounts.ts";
import { launchBrowser } from "../harness/browser.ts";
import { npmStart, type NpmStart } from "../harness/npm-start.ts";
import { Person, type PersonOptions } from "../harness/person.ts";

let browser: Browser;
let folder: string;
let runs: NpmStart[];

beforeAll(async () => {
  browser = await launchBrowser();
});
afterAll(() => browser.close());
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "miscord-start-"));
  runs = [];
});
afterEach(async () => {
  await Promise.all(runs.map((run) => run.pressCtrlC()));
  await rm(folder, { recursive: true });
});

function start(...args: string[]): NpmStart {
  const run = npmStart(args);
  runs.push(run);
  return run;
}

function personAt(url: string, name: string, options?: PersonOptions): Promise<Person> {
  return Person.open({ browser: async () => browser, url }, name, name.toLowerCase(), options);
}

const address = /running at (\S+)/;

test("npm start prints its address and, on the first start, a link that makes one administrator; Ctrl-C ends it", async () => {
  const run = start("--port", "0", "--data", join(folder, "made", "on", "the", "way"));
  const url = await run.printed(address);
  const link = await run.printed(/open (\S+\/claim#\S+)/);

  const vera = await personAt(url, "Vera", { locale: "ru" });
  await vera.open(link);
  await register(vera);
  await openSettings(vera, "account");
  await vera.page.getByText(vera.t("settings:account.admin")).waitFor();

  const late = await personAt(url, "Late");
  await late.open(link);
  await sendRegistration(late);
  await late.page.getByRole("alert").waitFor();
  await late.context.close();

  await vera.page.goto("about:blank");
  expect(await run.pressCtrlC()).toBe(0);
  await expect(fetch(url)).rejects.toThrow("fetch failed");

  const again = start("--port", new URL(url).port, "--data", join(folder, "made", "on", "the", "way"));
  expect(await again.printed(address)).toBe(url);
  expect(again.output()).not.toContain("/claim#");
  await vera.open();
  await vera.page.getByRole("heading", { name: vera.t("servers:none.heading") }).waitFor();
  expect(vera.problems.takeUnexpected()).toEqual([]);
  await vera.context.close();
});

test("an account that exists can use the claim link to become administrator", async () => {
  const run = start("--port", "0", "--data", folder);
  const url = await run.printed(address);
  const link = await run.printed(/open (\S+\/claim#\S+)/);
  const anna = await personAt(url, "Anna");
  await anna.registerQuickly();
  await anna.context.clearCookies();
  await anna.open(link);
  await anna.page.getByRole("link", { name: anna.t("auth:register.login") }).click();
  await logIn(anna);
  await anna.button(anna.t("auth:claim.submit", { name: "Anna" })).click();
  await anna.page.getByText(anna.t("auth:claim.done")).waitFor();
  await openSettings(anna, "account");
  await anna.page.getByText(anna.t("settings:account.admin")).waitFor();
  expect(anna.problems.takeUnexpected()).toEqual([]);
  await anna.context.close();
});

test("npm start on a port in use exits with code 1 and one sentence instead of a stack trace", async () => {
  const first = start("--port", "0", "--data", join(folder, "first"));
  const { port } = new URL(await first.printed(address));
  const second = start("--port", port, "--data", join(folder, "second"));
  expect(await second.ended).toBe(1);
  expect(second.output()).toContain(`Port ${port} is already in use`);
  expect(second.output()).not.toMatch(/^\s+at /m);
});
