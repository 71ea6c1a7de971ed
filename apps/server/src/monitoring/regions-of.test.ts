import type { MonitorNode } from "@miscord/protocol";
import { expect, test } from "vitest";
import type { VoiceNodeRow } from "../store/schema.ts";
import { regionsOf } from "./regions-of.ts";

type AtNode = NonNullable<MonitorNode["voice_regions"]>[number];

const time = (ms: number) => new Date(ms).toISOString();
const link = { version: "2.0.0", since: time(1_000), seen_at: time(9_000), round_trip: 0.02, connections: 3 };

function node(id: string, voice_regions?: AtNode[]): MonitorNode {
  return { id, ...(voice_regions && { voice_regions }) } as MonitorNode;
}

function at(name: string, changes: Partial<AtNode> = {}): AtNode {
  return { name, is_own: false, is_up: true, calls: 0, participants: 0, link: null, ...changes };
}

function row(name: string, changes: Partial<VoiceNodeRow> = {}): VoiceNodeRow {
  const never = { version: null, stun_url: null, seen_at: null, refused_at: null, refusal: null, given_up_at: null };
  return { name, digest: "secret", created_at: 1, ...never, ...changes };
}

test("there are none without voice nodes", () => {
  expect(regionsOf([node("a", [at("main", { is_own: true })])], [])).toEqual([]);
});

test("calls of all nodes are added up, and the link is that of the node that has it", () => {
  const nodes = [
    node("a", [at("main", { is_own: true, calls: 1, participants: 2 }), at("ams", { calls: 1, participants: 5 })]),
    node("b", [at("main", { is_own: true, is_up: false }), at("ams", { calls: 2, participants: 7, link })]),
    // Of an older version.
    node("c"),
  ];
  const [main, ams] = regionsOf(nodes, [row("ams", { version: "1.9.0", seen_at: 5_000 })]);
  expect(main).toMatchObject({ name: "main", is_own: true, state: "up", node: null, calls: 1, participants: 2 });
  const own = { node: "b", version: "2.0.0", last_seen_at: time(9_000), link };
  expect(ams).toEqual({
    name: "ams",
    is_own: false,
    state: "up",
    calls: 3,
    participants: 12,
    refusal: null,
    given_up_at: null,
    ...own,
  });
});

test("those that are away are told from those that were turned away, with what is kept of them, and no digest", () => {
  const voiceNodes = [
    row("away", { version: "1.9.0", seen_at: 5_000, refused_at: 4_000, refusal: "connected", given_up_at: 3_000 }),
    row("never"),
    row("refused", { seen_at: 5_000, refused_at: 6_000, refusal: "version" }),
  ];
  // A call waits in it until it comes back.
  const nodes = [node("a", [at("main", { is_own: true }), at("away", { is_up: false, calls: 1, participants: 1 })])];
  const regions = regionsOf(nodes, voiceNodes);
  expect(regions.slice(1)).toMatchObject([
    {
      name: "away",
      state: "away",
      version: "1.9.0",
      last_seen_at: time(5_000),
      refusal: { at: time(4_000), why: "connected" },
      given_up_at: time(3_000),
      calls: 1,
      link: null,
    },
    { name: "never", state: "away", version: null, last_seen_at: null, refusal: null },
    { name: "refused", state: "refused", refusal: { at: time(6_000), why: "version" } },
  ]);
  expect(JSON.stringify(regions)).not.toContain("secret");
});
