import { expect, test } from "vitest";
import { ManualClock } from "../../testing/manual-clock.ts";
import { linkVersion, type ToNode } from "./link-messages.ts";
import { RegionLink } from "./region-link.ts";

const clock = new ManualClock();
const sent: ToNode[] = [];
const link = new RegionLink({
  name: "ams",
  port: { send: (message) => sent.push(message), close() {} },
  clock,
  version: "2.0.0",
  welcome: { address: null, hasTurnOverTcp: false },
  onReady() {},
  onMessage() {},
  onEnded() {},
});

/** Lets time pass until the voice node is asked for an answer. */
function asked(): number {
  sent.length = 0;
  for (let passed = 0; passed < 10_000; passed += 1) {
    clock.advance(1);
    if (passed % 500 === 0) link.receive({ kind: "beat" });
    const [ping] = sent.flatMap((message) => (message.kind === "beat" ? (message.ping ?? []) : []));
    if (ping !== undefined) return ping;
  }
  throw new Error("it was not asked");
}

test("says how far away the voice node is, by what it answers and by nothing else, and when it was last heard", () => {
  link.receive({ kind: "hello", link: linkVersion, version: "2.1.0", url: null });
  link.receive({ kind: "ready", stunUrl: null });
  expect([link.version, link.roundTripMs]).toEqual(["2.1.0", null]);
  const ping = asked();
  for (const made of [ping + 1, -1, 0]) link.receive({ kind: "beat", ping: made });
  expect(link.roundTripMs).toBeNull();
  clock.advance(70);
  link.receive({ kind: "beat", ping });
  expect(link.roundTripMs).toBe(70);
  // It is the answer to one question.
  link.receive({ kind: "beat", ping });
  expect(link.roundTripMs).toBe(70);
  const later = asked();
  clock.advance(30);
  link.receive({ kind: "beat", ping: later });
  // The quicker one counts: the other has waited somewhere.
  expect([link.roundTripMs, link.seenAt]).toEqual([30, clock.now()]);
  for (const waitedMs of [40, 50, 60, 40, 50, 60, 40, 50]) {
    const again = asked();
    clock.advance(waitedMs);
    link.receive({ kind: "beat", ping: again });
  }
  // What was measured long ago does not.
  expect(link.roundTripMs).toBe(40);
});
