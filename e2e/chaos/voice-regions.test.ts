import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { openRegionsWorld, type RegionsWorld } from "./regions-world.ts";
import { until } from "./world.ts";

const regions = ["ams", "nyc"];
/** Three times the promised five seconds: the machine also runs other suites. */
const handedOverMs = 15_000;
/** The same of a region that hangs, which takes three more to be sure of. */
const hungMs = 24_000;

type Distances = Record<"main" | "ams" | "nyc", number>;

/** How far away each of three people is, and the region whose farthest of them is nearest. */
const arrangements: [right: keyof Distances, people: Distances[]][] = [
  ["ams", [far(90, 10, 200), far(120, 10, 200), far(100, 10, 200)]],
  ["nyc", [far(90, 200, 10), far(120, 200, 10), far(100, 200, 10)]],
  ["main", [far(10, 100, 200), far(10, 120, 200), far(10, 100, 210)]],
  // Two beside ams and one beside nyc: the one in the middle.
  ["main", [far(80, 5, 180), far(80, 5, 180), far(80, 180, 5)]],
  ["main", [far(80, 180, 5), far(80, 5, 180), far(80, 5, 180)]],
  // The first one alone would take another.
  ["nyc", [far(10, 100, 90), far(220, 200, 80), far(220, 200, 80)]],
  ["ams", [far(200, 90, 10), far(10, 90, 220), far(120, 60, 200)]],
  ["ams", [far(200, 20, 200), far(5, 100, 200), far(200, 100, 5)]],
  ["nyc", [far(150, 230, 60), far(150, 60, 60), far(150, 60, 60)]],
  ["main", [far(100, 200, 250), far(100, 250, 200), far(20, 5, 5)]],
];

function far(main: number, ams: number, nyc: number): Distances {
  return { main, ams, nyc };
}

async function enterAll({ callers }: RegionsWorld, channelId: number, people: readonly Distances[]): Promise<void> {
  for (const [at, caller] of callers.entries()) {
    caller.place(people[at]!);
    await caller.enter(channelId);
  }
}

const leaveAll = ({ callers }: RegionsWorld) => Promise.all(callers.map((caller) => caller.leave()));

const regionsOf = ({ callers }: RegionsWorld) => [...new Set(callers.map(({ region }) => region))];

describe("on one node", () => {
  let world: RegionsWorld;
  beforeAll(async () => {
    world = await openRegionsWorld(regions, 3);
  });
  afterAll(() => world.close());

  test("ten calls out of ten take the region whose farthest participant is nearest, and are heard there", async () => {
    for (const [number, [right, people]] of arrangements.entries()) {
      await enterAll(world, await world.newChannel(), people);
      await world.allHear();
      expect([number, ...regionsOf(world)]).toEqual([number, right]);
      const port = world.nodes[right]?.mediaPort ?? null;
      expect(world.callers.filter(({ offeredPort }) => port !== null && offeredPort !== port)).toEqual([]);
      await leaveAll(world);
    }
  });

  test("a call of a channel that names a region takes that one", async () => {
    await enterAll(world, await world.newChannel("nyc"), arrangements[0]![1]);
    await world.allHear();
    expect(regionsOf(world)).toEqual(["nyc"]);
    await leaveAll(world);
  });

  test.each([
    ["SIGKILL", handedOverMs],
    ["SIGSTOP", hungMs],
  ] as const)(
    "a call goes on elsewhere within seconds of the %s of its region, which is taken again by later calls",
    async (signal, withinMs) => {
      const [, people] = arrangements[0]!;
      await enterAll(world, await world.newChannel(), people);
      await world.allHear();
      const ams = world.nodes["ams"]!;
      const heard = world.allHearAnew();
      await ams.kill(signal);
      expect(await heard).toBeLessThan(withinMs);
      expect(regionsOf(world)).toEqual(["main"]);
      if (signal === "SIGKILL") await ams.start();
      else await ams.kill("SIGCONT");
      while (!(await world.regionNames()).includes("ams")) await new Promise((resolve) => setTimeout(resolve, 50));
      // The call that has settled elsewhere stays there.
      expect(regionsOf(world)).toEqual(["main"]);
      await leaveAll(world);
      await enterAll(world, await world.newChannel(), people);
      await world.allHear();
      expect(regionsOf(world)).toEqual(["ams"]);
      await leaveAll(world);
    },
  );

  test("a voice node that the operator removes is gone within seconds, says why, and its call goes on", async () => {
    await enterAll(world, await world.newChannel("nyc"), arrangements[0]![1]);
    await world.allHear();
    const nyc = world.nodes["nyc"]!;
    expect(world.admin("list-voice-nodes")).toMatch(/^ams .*\nnyc /);
    const heard = world.allHearAnew();
    expect(world.admin("remove-voice-node", "nyc")).toContain("no longer valid");
    await until("it has ended", () => nyc.output.includes("The voice node was removed."), { timeoutMs: 10_000 });
    await heard;
    expect(await world.regionNames()).toEqual(["main", "ams"]);
    expect(regionsOf(world)).toEqual(["ams"]);
  });
});

describe("on two nodes", () => {
  let world: RegionsWorld;
  beforeAll(async () => {
    world = await openRegionsWorld(regions, 3, { WORKERS: "2" });
  });
  afterAll(() => world.close());

  test("whichever has the link of a voice node, calls of both are forwarded there, and go on when it dies", async () => {
    const [, people] = arrangements[0]!;
    // Each call has either node for its home.
    for (let call = 0; call < 4; call += 1) {
      await enterAll(world, await world.newChannel(), people);
      await world.allHear();
      expect(regionsOf(world)).toEqual(["ams"]);
      if (call < 3) await leaveAll(world);
    }
    const heard = world.allHearAnew();
    await world.nodes["ams"]!.kill("SIGKILL");
    expect(await heard).toBeLessThan(handedOverMs);
    expect(regionsOf(world)).toEqual(["main"]);
  });
});
