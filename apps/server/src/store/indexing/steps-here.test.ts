import { rmSync } from "node:fs";
import { afterAll, beforeAll, expect, test } from "vitest";
import { deleting, editing, reacting } from "../conformance/commands.ts";
import { commit, createChannel, createWorld, send, type World } from "../conformance/world.ts";
import type { Store } from "../contract.ts";
import { searchIndex } from "../search/open-index.ts";
import { openSqliteStore } from "../sqlite/open-sqlite-store.ts";
import { temporaryFolder } from "../sqlite/testing/temporary-file.ts";
import { StepsHere } from "./steps-here.ts";

const { file, folder } = temporaryFolder();
let store: Store;
let world: World;
beforeAll(async () => {
  store = await openSqliteStore({ file });
  world = await createWorld(store);
  await new StepsHere({ search: store.search, letters: Infinity }).reset("");
});
afterAll(async () => {
  await store.close();
  rmSync(folder, { recursive: true });
});

/** A number below `count`, the same ones for the same seed. */
function numbers(seed: number): (count: number) => number {
  let state = seed;
  return (count) => {
    state = (state * 1_103_515_245 + 12_345) % 2_147_483_648;
    return (state >> 8) % count;
  };
}

async function idsOf(word: string): Promise<number[]> {
  const clauses = [[{ term: word, isPrefix: false }]];
  return searchIndex(store.search, "sqlite").find({ clauses, before: 1e9, from: 0, limit: 300 });
}

/** Messages of one word each, a number, which people send, edit, delete and react to. */
class Chat {
  readonly #pick: (count: number) => number;
  readonly #seed: number;
  readonly words: string[] = [];
  /** By message: its word; null once it is deleted. */
  readonly said = new Map<number, string | null>();

  constructor(seed: number) {
    this.#pick = numbers(seed);
    this.#seed = seed;
  }

  async doSomething(): Promise<void> {
    const channel = [world.general, world.random][this.#pick(2)]!;
    const present = [...this.said].filter(([, word]) => word !== null).map(([id]) => id);
    const what = present.length < 4 ? 0 : this.#pick(6);
    if (what < 3) {
      const content = this.#nextWord();
      this.said.set((await send(store, channel, world.ann, { content })).id, content);
      return;
    }
    const id = present[this.#pick(present.length)]!;
    if (what === 3) {
      const content = this.#nextWord();
      await commit(store, { ...editing(id, world.ann, content), at: 1_700_000_000_000 + this.words.length });
      this.said.set(id, content);
    } else if (what === 4) {
      await commit(store, deleting(id, world.ann));
      this.said.set(id, null);
    } else await commit(store, reacting(id, world.bob, `:${this.#pick(1_000)}:`));
  }

  #nextWord(): string {
    const word = `${this.#seed * 1_000 + this.words.length}`;
    this.words.push(word);
    return word;
  }
}

test.each(Array.from({ length: 8 }, (_, seed) => seed + 1))(
  "steps that end within what they have read leave nothing out of the index, whatever happens between them (seed %i)",
  async (seed) => {
    const steps = new StepsHere({ search: store.search, letters: [1, 60, 200][seed % 3]! });
    const chat = new Chat(seed);
    for (let count = 0; count < 25; count += 1) await chat.doSomething();
    for (let round = 0; (await steps.look()) > 0; round += 1) {
      for (let isMore = true; isMore;) {
        const step = await steps.follow();
        expect(step!.changes).toBeGreaterThan(0);
        isMore = step!.isMore;
        if (round < 3) await chat.doSomething();
      }
    }
    for (const word of chat.words) {
      const expected = [...chat.said].filter(([, said]) => said === word).map(([id]) => id);
      expect([word, await idsOf(word)]).toEqual([word, expected]);
    }
  },
);

test("a step takes no more messages than it has letters for, one at least, in a rebuild too", async () => {
  const channel = await createChannel(store, world.serverId, "text");
  const [first, ...others] = await Promise.all(
    Array.from({ length: 9 }, (_, index) => send(store, channel, world.ann, { content: `маяк${index} `.repeat(500) })),
  );
  // About 4,000 letters each, of which the index has few.
  for (const [letters, most] of [
    [1, 1],
    [9_000, 3],
  ] as const) {
    const steps = new StepsHere({ search: store.search, letters });
    await store.search.updateTable("search_positions").set({ seq: 0 }).where("channel_id", "=", channel).execute();
    await steps.look();
    const followed: number[] = [];
    for (let isMore = true; isMore;) {
      const step = await steps.follow();
      followed.push(step!.changes);
      isMore = step!.isMore;
    }
    expect([Math.max(...followed), followed.reduce((sum, changes) => sum + changes)]).toEqual([most, 9]);
    let below = others.at(-1)!.id + 1;
    let count = 0;
    for (; below > first!.id; count += 1) below = (await steps.rebuild(below))!;
    expect(count).toBe(9 / most);
  }
});
