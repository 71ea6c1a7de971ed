import { afterEach, expect, test } from "vitest";
import { send } from "../../store/conformance/world.ts";
import { longestTurnOf } from "../../testing/longest-turn.ts";
import { openSearchWorld, type SearchWorld } from "../../testing/search-world.ts";

let opened: SearchWorld;
afterEach(() => opened.close());

/** A text of long nicknames, each of whose capitals begins a part that is a word of its own. */
function nicknames(seed: number): string {
  let state = seed;
  const letter = () =>
    String.fromCharCode(97 + (((state = (state * 1_103_515_245 + 12_345) % 2_147_483_648) >> 16) % 26));
  const nickname = () => Array.from({ length: 32 }, () => letter() + letter().toUpperCase()).join("");
  return Array.from({ length: 75 }, nickname).join(" ");
}

test("messages whose words take long to read hold nothing else up", async () => {
  opened = await openSearchWorld(null, { areStepsHere: true });
  const { store, world, indexer } = opened;
  await send(store, world.general, world.ann, { content: "warm up" });
  await indexer.run();
  for (let count = 0; count < 60; count += 1)
    await send(store, world.general, world.ann, { content: nicknames(count) });
  expect(await longestTurnOf(indexer.run())).toBeLessThan(60);
});
