import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import type { Browser } from "playwright-core";
import { afterAll, afterEach, beforeAll, expect, type TestContext } from "vitest";
import { launchBrowser } from "./browser.ts";
import { Person, type PersonOptions } from "./person.ts";
import { startServerProcess, type ServerProcess } from "./server-process.ts";

export interface StageOptions {
  /** More flags for Chromium: fake microphones, say. */
  browserArgs?: readonly string[];
  /** Settings of the server. */
  env?: Record<string, string>;
}

export interface Stage {
  readonly server: ServerProcess;
  readonly browser: Browser;
  /** Has an account, is logged in, and looks at the app. */
  person(name: string, options?: PersonOptions): Promise<Person>;
  /** Has no account yet; the page is still blank. */
  stranger(name: string, options?: PersonOptions): Promise<Person>;
  /** A person at one more browser of theirs, not logged in there yet. */
  elsewhere(person: Person, options?: PersonOptions): Promise<Person>;
}

/**
 * One server and one browser for the tests of a file; every test has people of its own. A test also fails when a page
 * complained of something that the test did not allow, and a failed one leaves a picture of every page in e2e/output.
 */
export function openStage({ browserArgs = [], env = {} }: StageOptions = {}): Stage {
  let server: ServerProcess;
  let browser: Browser;
  let people: Person[] = [];
  let count = 0;

  beforeAll(async () => {
    [server, browser] = await Promise.all([startServerProcess(env), launchBrowser(browserArgs)]);
  });
  afterAll(async () => {
    await browser?.close();
    await server?.dispose();
  });
  afterEach(async ({ task }) => {
    const leaving = people;
    people = [];
    const problems = leaving.flatMap((person) => person.problems.unexpected().map((text) => `${person.name}: ${text}`));
    if (task.result?.state === "fail" || problems.length > 0) await picture(leaving, task);
    await Promise.all(leaving.map((person) => person.context.close()));
    expect(problems).toEqual([]);
  });

  async function enter(arriving: Promise<Person>): Promise<Person> {
    const person = await arriving;
    people.push(person);
    return person;
  }

  const stranger: Stage["stranger"] = (name, options = {}) => {
    count += 1;
    return enter(Person.at(browser, options.url ?? server.url, name, `person_${count}`, options));
  };

  return {
    get server() {
      return server;
    },
    get browser() {
      return browser;
    },
    stranger,
    async person(name, options) {
      const person = await stranger(name, options);
      await person.registerQuickly();
      await person.open();
      await person.page.locator("#main").waitFor();
      return person;
    },
    elsewhere: (person, options) => enter(person.elsewhere(options)),
  };
}

const output = new URL("../output", import.meta.url).pathname;

async function picture(people: readonly Person[], task: TestContext["task"]): Promise<void> {
  await mkdir(output, { recursive: true });
  for (const [at, { name, page }] of people.entries()) {
    const file = `${task.name} ${at + 1} ${name}.png`.replaceAll(/[^\p{L}\p{N}.]+/gu, "-");
    await page.screenshot({ path: join(output, file) }).catch(() => {});
  }
}
