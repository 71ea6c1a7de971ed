import { describe, expect, test } from "vitest";
import type { RegionTimes } from "../events.ts";
import { chooseRegion, type RegionChoice } from "./choose-region.ts";

const all = ["main", "ams", "nyc"];

function choose(times: readonly RegionTimes[], choice: Partial<RegionChoice> = {}): string {
  return chooseRegion({ available: all, named: null, present: null, isSettled: false, times, ...choice });
}

describe("the region whose farthest participant is nearest", () => {
  test.each<[string, RegionTimes[]]>([
    ["main", [{ main: 20, ams: 60, nyc: 120 }]],
    ["ams", [{ main: 90, ams: 15, nyc: 100 }]],
    // Two near ams and one near nyc: the mean would say ams.
    [
      "main",
      [
        { main: 40, ams: 5, nyc: 90 },
        { main: 40, ams: 5, nyc: 90 },
        { main: 60, ams: 95, nyc: 5 },
      ],
    ],
    [
      "nyc",
      [
        { main: 150, ams: 90, nyc: 30 },
        { main: 20, ams: 30, nyc: 80 },
      ],
    ],
    [
      "ams",
      [
        { main: 200, ams: 100, nyc: 250 },
        { main: 250, ams: 100, nyc: 200 },
      ],
    ],
  ])("is %s", (expected, times) => {
    expect(choose(times)).toBe(expected);
    expect(choose(times.toReversed())).toBe(expected);
  });

  test("of two whose farthest is equally far is the one that is nearer to the others, then the first", () => {
    expect(
      choose([
        { main: 50, ams: 50, nyc: 90 },
        { main: 40, ams: 10, nyc: 90 },
      ]),
    ).toBe("ams");
    expect(choose([{ main: 50, ams: 50, nyc: 50 }])).toBe("main");
  });
});

describe("missing times", () => {
  test("a participant without any has no say", () => {
    expect(choose([{ main: 90, ams: 15, nyc: 100 }, {}, {}])).toBe("ams");
    expect(choose([{}, {}])).toBe("main");
    expect(choose([])).toBe("main");
  });

  test("a region that a participant could not reach is taken only when none is left that all reach", () => {
    expect(choose([{ main: 300 }, { main: 10, ams: 10 }])).toBe("main");
    expect(choose([{ ams: 10 }, { nyc: 10 }], { available: ["ams", "nyc"] })).toBe("ams");
  });

  test("names that objects have by themselves are names like others", () => {
    expect(choose([{ main: 50 }], { available: ["constructor", "main"] })).toBe("main");
  });
});

describe("the region that the channel names", () => {
  const near = [{ main: 10, ams: 50, nyc: 120 }];

  test("is taken, however far it is", () => {
    expect(choose(near, { named: "nyc" })).toBe("nyc");
    expect(choose(near, { named: "nyc", present: "main" })).toBe("nyc");
  });

  test("is done without while it is away", () => {
    expect(choose(near, { named: "nyc", available: ["main", "ams"] })).toBe("main");
    expect(choose(near, { named: "tokyo" })).toBe("main");
  });

  test("does not take a call back that has settled elsewhere meanwhile", () => {
    expect(choose(near, { named: "nyc", present: "main", isSettled: true })).toBe("main");
  });
});

describe("a room that has a region", () => {
  const near = [{ main: 10, ams: 50, nyc: 120 }];

  test("keeps it once it has settled, whoever comes", () => {
    expect(choose(near, { present: "nyc", isSettled: true })).toBe("nyc");
  });

  test("leaves it before only for one that is noticeably nearer", () => {
    expect(choose(near, { present: "nyc" })).toBe("main");
    expect(choose([{ main: 41, ams: 50 }], { present: "ams" })).toBe("ams");
    expect(choose([{ main: 40, ams: 50 }], { present: "ams" })).toBe("main");
  });

  test("leaves it when it is gone, for the best of the others", () => {
    expect(choose(near, { present: "nyc", isSettled: true, available: ["main", "ams"] })).toBe("main");
    expect(choose(near, { present: "main", isSettled: true, available: ["ams", "nyc"] })).toBe("ams");
  });
});
