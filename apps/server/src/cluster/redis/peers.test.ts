import { expect, test } from "vitest";
import { Peers, type Listed } from "./peers.ts";
import { eventually } from "../../testing/eventually.ts";

const peer: Listed = { id: "other", token: "t", number: 0 };

/** What a peer's hash in Redis holds, and what this node was told. */
function world() {
  const stored = { number: 0, value: 0 };
  const seen: string[] = [];
  let loads = 0;
  const load = () => {
    loads += 1;
    return Promise.resolve(["t", "", String(stored.number), "m k", String(stored.value)]);
  };
  const peers = new Peers("self", load, {
    changed: (id, { key, value }) => seen.push(`${id} ${key}=${JSON.stringify(value)}`),
    loaded: (id, entries) => seen.push(`${id} loaded ${JSON.stringify(entries.map(({ value }) => value))}`),
    gone: (id) => seen.push(`${id} gone`),
    living: () => {},
  });
  const change = (number: number) => {
    Object.assign(stored, { number, value: number });
    return { id: "other", token: "t", number, changes: [{ map: "m", key: "k", value: number }] };
  };
  return { peers, seen, change, loads: () => loads };
}

test("a gap in the numbers of a node's changes loads its entries anew", async () => {
  const { peers, seen, change } = world();
  await peers.follow([peer], peers.known());
  peers.receive(change(1));
  change(2);
  peers.receive(change(3));
  await eventually(() => expect(seen).toEqual(["other loaded [0]", "other k=1", "other loaded [3]"]));
});

test("a node's last change that was lost is found at the second listing of its number", async () => {
  const { peers, seen, change } = world();
  await peers.follow([peer], peers.known());
  change(1);
  await peers.follow([{ ...peer, number: 1 }], peers.known());
  expect(seen).toEqual(["other loaded [0]"]);
  await peers.follow([{ ...peer, number: 1 }], peers.known());
  expect(seen).toEqual(["other loaded [0]", "other loaded [1]"]);
});

test("changes that arrive while a node's entries are loaded apply after them, and none twice", async () => {
  const { peers, seen, change } = world();
  const following = peers.follow([peer], peers.known());
  const [first, second] = [change(1), change(2)];
  peers.receive(first);
  peers.receive(second);
  peers.receive(change(3));
  await following;
  // The entries were read when they were asked for, before the first change.
  expect(seen).toEqual(["other loaded [0]", "other k=1", "other k=2", "other k=3"]);
});

test("a node that appeared after the list was made is not dropped for missing in it", async () => {
  const { peers, seen } = world();
  const known = peers.known();
  await peers.follow([peer], known);
  await peers.follow([], known);
  expect(seen).toEqual(["other loaded [0]"]);
  await peers.follow([], peers.known());
  expect(seen).toEqual(["other loaded [0]", "other gone"]);
});
