import type { MonitorNode } from "@miscord/protocol";
import { describe, expect, test } from "vitest";
import { Changes } from "./changes.ts";

const at = "2026-11-29T21:04:00.000Z";
const node = (id: string, version: string) => ({ id, name: id, version, since: at }) as MonitorNode;

/** What is told of each look but the first, as "kind detail". */
function told(...looks: readonly (readonly MonitorNode[])[]): string[][] {
  const changes = new Changes(null, []);
  return looks
    .map((nodes) => {
      const before = changes.latest.length;
      changes.look(at, nodes, {}, false);
      return changes.latest.slice(before).map(({ kind, detail }) => `${kind} ${detail}`);
    })
    .slice(1);
}

describe("what changed", () => {
  test("a rolling upgrade that starts each new node before it stops an old one is a deploy", () => {
    const [a, b, c, d] = [node("a", "2.0.0"), node("b", "2.0.0"), node("c", "2.0.1"), node("d", "2.0.1")];
    expect(told([a, b], [a, b, c], [b, c], [b, c, d], [c, d])).toEqual([
      ["deploy 2.0.1"],
      ["node_gone a"],
      ["node_joined d"],
      ["node_gone b"],
    ]);
  });

  test("a rolling upgrade that stops each node before it starts the new one is a deploy for each of them", () => {
    const [a, b, c, d] = [node("a", "2.0.0"), node("b", "2.0.0"), node("c", "2.0.1"), node("d", "2.0.1")];
    expect(told([a, b], [b, c], [c, d])).toEqual([["deploy 2.0.1"], ["deploy 2.0.1"]]);
  });

  test("nodes of two versions that all start again are restarts, in whichever order they come", () => {
    const [a, b, c, d] = [node("a", "2.0.0"), node("b", "2.0.1"), node("c", "2.0.1"), node("d", "2.0.0")];
    expect(told([a, b], [c, d])).toEqual([["restart c", "restart d"]]);
  });

  test("a setting that came with a new version was not changed", () => {
    const changes = new Changes(null, []);
    changes.look(at, [], { batchSize: "a" }, false);
    changes.look(at, [], { batchSize: "b", newSetting: "c" }, false);
    expect(changes.latest).toEqual([{ at, kind: "configuration", detail: "batchSize" }]);
  });
});
