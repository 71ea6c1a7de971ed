import { mkdir, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { afterAll, afterEach, beforeAll, beforeEach, expect, type TestContext } from "vitest";
import { startFleet } from "../../apps/server/src/testing/fleet.ts";
import { videoStats } from "./audio/listening.ts";
import { sharedBrowser } from "./browser.ts";
import { Person, type PersonOptions } from "./person.ts";
import { startServerProcess, type ServerProcess } from "../../apps/server/src/testing/server-process.ts";

/** `workers`: four worker processes on the embedded database; `fleet`: two nodes on PostgreSQL and Redis. */
export type Layout = "process" | "workers" | "fleet";

export interface WorldOptions {
  /** Settings of the server, read when it starts. */
  env?: () => Record<string, string>;
  /** By default the one that the environment variable LAYOUT names, or one process. */
  layout?: Layout;
}

export interface World {
  /** The first node. */
  readonly server: ServerProcess;
  /** All nodes. People arrive at one after another. */
  readonly nodes: readonly ServerProcess[];
  /** Has an account and is logged in; the page is blank until the test opens one, since each load takes seconds of CPU. */
  person(name: string, options?: PersonOptions): Promise<Person>;
  /** People as `person` makes them, registered in the given order; their browsers start at the same time. */
  people(arrivals: readonly (readonly [name: string, options?: PersonOptions])[]): Promise<Person[]>;
  /** Has no account yet; the page is blank. */
  guest(name: string, options?: PersonOptions): Promise<Person>;
  /** The same person at a second browser, not logged in there. */
  secondBrowser(person: Person, options?: PersonOptions): Promise<Person>;
}

/**
 * One server for the tests of a file, or of a `describe`. People who arrive within a test leave at its end; those of a
 * `beforeAll` stay until the last test. A test fails when a page reported a problem that the test did not allow, and a
 * failed test leaves a picture of every page in e2e/output, and prints the pages' texts and what the nodes printed.
 */
export function openWorld({ env = () => ({}), layout = chosenLayout() }: WorldOptions = {}): World {
  let nodes: readonly ServerProcess[] = [];
  let dispose = () => Promise.resolve();
  let residents: Person[] = [];
  let visitors: Person[] = [];
  let isInTest = false;
  let count = 0;
  let arrivals = 0;

  function nodeAt(index: number): ServerProcess {
    const node = nodes[index];
    if (!node) throw new Error("the server has not started");
    return node;
  }

  beforeAll(async () => {
    ({ nodes, dispose } = await startNodes(layout, env()));
  });
  afterAll(async () => {
    await leave(residents);
    residents = [];
    await dispose();
  });
  beforeEach(() => {
    isInTest = true;
  });
  afterEach(async ({ task }) => {
    isInTest = false;
    const present = [...residents, ...visitors];
    const problems = present.flatMap((person) =>
      person.problems.takeUnexpected().map((text) => `${person.name}: ${text}`),
    );
    if (task.result?.state === "fail" || problems.length > 0) {
      await takePictures(present, task);
      await tellWhatIsThere(present, nodes);
    }
    await leave(visitors);
    visitors = [];
    expect(problems, problems.join("\n")).toEqual([]);
  });

  async function arrive(name: string, username: string, options: PersonOptions = {}): Promise<Person> {
    const { url } = nodeAt(arrivals++ % nodes.length);
    const person = await Person.open({ browser: sharedBrowser, url }, name, username, options);
    (isInTest ? visitors : residents).push(person);
    return person;
  }

  const guest: World["guest"] = (name, options) => arrive(name, `person_${(count += 1)}`, options);

  return {
    get server() {
      return nodeAt(0);
    },
    get nodes() {
      return nodes;
    },
    guest,
    async person(name, options) {
      const person = await guest(name, options);
      await person.registerQuickly();
      return person;
    },
    async people(arrivals) {
      const people = await Promise.all(arrivals.map(([name, options]) => guest(name, options)));
      for (const person of people) await person.registerQuickly();
      return people;
    },
    secondBrowser: ({ name, username, url }, options) => arrive(name, username, { url, ...options }),
  };
}

function chosenLayout(): Layout {
  const layout = process.env["LAYOUT"];
  return layout === "workers" || layout === "fleet" ? layout : "process";
}

async function startNodes(
  layout: Layout,
  env: Record<string, string>,
): Promise<{ nodes: readonly ServerProcess[]; dispose: () => Promise<void> }> {
  if (layout === "fleet") return startFleetWithStorage(env);
  const server = await startServerProcess(layout === "workers" ? { WORKERS: "4", ...env } : env);
  return { nodes: [server], dispose: () => server.dispose() };
}

/** Two nodes with a folder for uploads that both of them see. */
async function startFleetWithStorage(env: Record<string, string>): Promise<Awaited<ReturnType<typeof startNodes>>> {
  const storage = await mkdtemp(join(tmpdir(), "miscord-uploads-"));
  const fleet = await startFleet(2, { STORAGE: pathToFileURL(storage).href, ...env });
  const dispose = async () => {
    await fleet.dispose();
    await rm(storage, { recursive: true, force: true });
  };
  return { nodes: fleet.nodes, dispose };
}

function leave(people: readonly Person[]): Promise<unknown> {
  return Promise.all(people.map(({ context }) => context.close()));
}

const output = new URL("../output", import.meta.url).pathname;

async function takePictures(people: readonly Person[], task: TestContext["task"]): Promise<void> {
  await mkdir(output, { recursive: true });
  for (const [at, { name, page }] of people.entries()) {
    const file = `${task.name} ${at + 1} ${name}.png`.replaceAll(/[^\p{L}\p{N}.]+/gu, "-");
    await page.screenshot({ path: join(output, file) }).catch(() => {});
  }
}

const printedAtMost = 3_000;

async function tellWhatIsThere(people: readonly Person[], nodes: readonly ServerProcess[]): Promise<void> {
  for (const { name, page } of people) {
    const text = await page
      .locator("body")
      .innerText({ timeout: 2_000 })
      .catch(() => "");
    const videos = await videoStats({ page }).catch(() => []);
    console.error(`${name} at ${page.url()}:\n${text.slice(-printedAtMost)}\n${videos.join("\n")}`);
  }
  for (const [at, node] of nodes.entries()) console.error(`node ${at + 1}:\n${node.output().slice(-printedAtMost)}`);
}
