import { expect, test } from "vitest";
import { sharedSound } from "./shared-sound.ts";

test("what a browser shares of sound is known before the screen is asked for", () => {
  const constraints = { suppressLocalAudioPlayback: true };
  expect(sharedSound({ constraints: {}, platform: "MacIntel" })).toBe("none");
  expect(sharedSound({ constraints, platform: "Linux x86_64" })).toBe("tabs");
  expect(sharedSound({ constraints, platform: "Win32" })).toBe("all");
});
