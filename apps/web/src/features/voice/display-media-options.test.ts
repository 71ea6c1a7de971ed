import { expect, test } from "vitest";
import { displayMediaOptions } from "./display-media-options.ts";

test("a screen is asked for with its sound, without the sound of this page", () => {
  const options = displayMediaOptions({ height: 1080, frameRate: 15 });
  expect(options).toMatchObject({ systemAudio: "include", selfBrowserSurface: "exclude" });
  expect(options.audio).toMatchObject({ restrictOwnAudio: true, suppressLocalAudioPlayback: false });
});
