import { expect, test } from "vitest";
import { readNodeSettings } from "./node-settings.ts";

const token = "t".repeat(43);
const needed = { INSTANCE_URL: "https://chat.example.org/", VOICE_NODE_TOKEN: token };

function faultsOf(environment: Record<string, string>, args: string[] = []): string[] {
  const outcome = readNodeSettings(environment, args);
  return "faults" in outcome ? outcome.faults : [];
}

test("an address and a token are all that a voice node needs", () => {
  expect(readNodeSettings(needed, [])).toEqual({
    settings: {
      INSTANCE_URL: "https://chat.example.org",
      VOICE_NODE_TOKEN: token,
      VOICE_PORT: 7882,
      VOICE_ADDRESS: [],
      PORT: 7880,
      TURN_URLS: [],
      TURN_TTL: 43_200_000,
    },
  });
  expect(readNodeSettings({ ...needed, INSTANCE_URL: "" }, ["--instance", "http://localhost:8000"])).toMatchObject({
    settings: { INSTANCE_URL: "http://localhost:8000" },
  });
});

test("what is missing or wrong is named, all of it at once", () => {
  expect(faultsOf({})).toEqual(["INSTANCE_URL is missing", "VOICE_NODE_TOKEN is missing"]);
  const wrong = {
    INSTANCE_URL: "chat.example.org",
    VOICE_PORT: "70000",
    TURN_URLS: "stun:a",
    REGION_URL: "https://a/b",
  };
  expect(faultsOf({ ...needed, ...wrong }).map((fault) => fault.split(" ")[0])).toEqual([
    "INSTANCE_URL",
    "VOICE_PORT",
    "REGION_URL",
    "TURN_URLS",
  ]);
  expect(faultsOf({ ...needed, TURN_URLS: Array.from({ length: 9 }, () => "turn:a").join(",") })).toHaveLength(1);
  expect(faultsOf(needed, ["--token", token])).toHaveLength(1);
});

test("the help has every setting, and shows no secret", () => {
  const outcome = readNodeSettings(needed, ["--help"]);
  expect("help" in outcome && outcome.help).toMatch(/INSTANCE_URL[\s\S]*VOICE_NODE_TOKEN[\s\S]*TURN_SECRET/);
  expect("help" in outcome && outcome.help).not.toContain(token);
});
