import type { OutgoingMessage } from "@miscord/client";
import { afterEach, beforeEach, expect, test } from "vitest";
import { createOutboxStorage } from "./outbox-storage.ts";

const userId = 7;

/** Storage in memory; like the browser's, its keys are its own properties. */
function createStorage(): Storage {
  const methods = {
    getItem(this: Record<string, string>, key: string) {
      return this[key] ?? null;
    },
    setItem(this: Record<string, string>, key: string, value: string) {
      this[key] = value;
    },
    removeItem(this: Record<string, string>, key: string) {
      delete this[key];
    },
  };
  return Object.create(methods) as Storage;
}

/** Locks of a browser whose pages can be closed. */
class FakeLocks {
  readonly held = new Set<string>();
  readonly owned: string[] = [];

  async request(name: string, use: () => Promise<unknown>): Promise<unknown> {
    if (name.startsWith("miscord.page.")) this.owned.push(name);
    this.held.add(name);
    const result = await use();
    this.held.delete(name);
    return result;
  }

  query = async () => ({ held: [...this.held].map((name) => ({ name })) });

  closePage(index: number): void {
    this.held.delete(this.owned[index]!);
  }
}

let storage: Storage;
let locks: FakeLocks;

beforeEach(() => {
  storage = createStorage();
  locks = new FakeLocks();
});
afterEach(() => locks.held.clear());

const openPage = (pageStorage = createStorage()) =>
  createOutboxStorage({ storage, pageStorage, locks: locks as unknown as LockManager });

function unsent(content: string, status: "pending" | "failed" = "pending"): OutgoingMessage {
  return {
    nonce: content,
    channelId: 1,
    content,
    attachments: [],
    replyTo: null,
    createdAt: content.length,
    status,
    seq: null,
    error: null,
  };
}

const contents = (messages: readonly OutgoingMessage[]) => messages.map(({ content }) => content);

test("unsent and failed messages of a closed tab are loaded by the next tab, oldest first, and once", async () => {
  openPage().save(userId, [unsent("one"), unsent("fails", "failed")]);
  openPage().save(userId, [unsent("four")]);
  locks.closePage(0);
  locks.closePage(1);
  expect(contents(await openPage().load(userId))).toEqual(["one", "four", "fails"]);
  expect(await openPage().load(userId)).toEqual([]);
});

test("messages of a tab that is still open stay with that tab", async () => {
  openPage().save(userId, [unsent("mine")]);
  expect(await openPage().load(userId)).toEqual([]);
});

test("a reloaded tab loads its own messages although its former page still holds the lock", async () => {
  const tab = createStorage();
  openPage(tab).save(userId, [unsent("mine")]);
  expect(contents(await openPage(tab).load(userId))).toEqual(["mine"]);
});

test("messages of another account are not loaded", async () => {
  openPage().save(userId, [unsent("mine")]);
  locks.closePage(0);
  expect(await openPage().load(8)).toEqual([]);
});

test("a logout removes the messages of all tabs, and the other tabs store none any more", async () => {
  const other = openPage();
  other.save(userId, [unsent("words")]);
  openPage().clear(userId);
  other.save(userId, [unsent("words", "failed")]);
  expect(Object.keys(storage)).toEqual([]);
});

test("sent messages leave nothing in the storage", () => {
  const page = openPage();
  page.save(userId, [unsent("one")]);
  page.save(userId, []);
  expect(Object.keys(storage)).toEqual([]);
});

test("without locks the messages of other tabs are loaded too", async () => {
  createOutboxStorage({ storage, pageStorage: createStorage(), locks: undefined }).save(userId, [unsent("one")]);
  const next = createOutboxStorage({ storage, pageStorage: createStorage(), locks: undefined });
  expect(contents(await next.load(userId))).toEqual(["one"]);
});

test("forbidden storage loses messages with the page and breaks nothing", async () => {
  const forbidden = new Proxy(createStorage(), {
    get() {
      throw new DOMException("denied", "SecurityError");
    },
  });
  const page = createOutboxStorage({ storage: forbidden, pageStorage: forbidden, locks: undefined });
  page.save(userId, [unsent("one")]);
  page.clear(userId);
  expect(await page.load(userId)).toEqual([]);
});
