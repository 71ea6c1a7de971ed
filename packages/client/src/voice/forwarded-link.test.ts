import { expect, test } from "vitest";
import { ForwardedLink, type ForwardedTracks } from "./forwarded-link.ts";
import type { CameraTrack } from "./peer-media.ts";

/** A sender whose changes of parameters are done, or refused, when the test says so. */
class FakeSender {
  track: unknown = null;
  readonly #changes: PromiseWithResolvers<void>[] = [];

  getParameters() {
    return { encodings: [{}] };
  }

  setParameters(): Promise<void> {
    const change = Promise.withResolvers<void>();
    this.#changes.push(change);
    return change.promise;
  }

  replaceTrack(track: unknown): Promise<void> {
    this.track = track;
    return Promise.resolve();
  }

  settle(outcome: "done" | "refused"): void {
    for (const { resolve, reject } of this.#changes.splice(0)) {
      if (outcome === "done") resolve();
      else reject(new DOMException("getParameters() has never been called", "InvalidStateError"));
    }
  }
}

function inCall() {
  const mids = ["mic", "screen", "screen_sound", "camera", "screen_small", "camera_small", "mixed"] as const;
  const senders = Object.fromEntries(mids.map((mid) => [mid, new FakeSender()])) as Record<
    (typeof mids)[number],
    FakeSender
  >;
  const connection = {
    signalingState: "stable",
    localDescription: { sdp: "answer" },
    getTransceivers: () => mids.map((mid) => ({ mid, sender: senders[mid], receiver: {} })),
    setRemoteDescription: async () => {},
    createAnswer: () => Promise.resolve({ sdp: "answer" }),
    setLocalDescription: async () => {},
  };
  const settings = { microphone: "first", screen: null, camera: null, bitrateCeiling: 64_000, configuration: {} };
  const link = new ForwardedLink("1", connection as never, settings as never, () => 0);
  return { link, connection, senders };
}

const camera = {
  video: { getSettings: () => ({ height: 720 }) },
  maxBitrate: 1,
  maxFramerate: 30,
} as never as CameraTrack;
const wanted = { tracks: {}, is_camera_wanted: true, is_small_camera_wanted: true } as never as ForwardedTracks;
const moment = () => new Promise((resolve) => setTimeout(resolve));

test("of several changes at the same time the latest one holds, however long the first one takes", async () => {
  const { link, senders } = inCall();
  void link.setCamera(camera);
  link.setTracks(wanted);
  await moment();
  // Without a camera nothing has to be waited for.
  void link.setCamera(null);
  void link.setMicrophone("second" as never);
  await moment();
  senders.camera_small.settle("done");
  await moment();
  expect([senders.mic.track, senders.camera.track, senders.camera_small.track]).toEqual(["second", null, null]);
});

test("an answer is given, and what is wanted is sent, also when a limit is refused", async () => {
  const { link, senders } = inCall();
  void link.setCamera(camera);
  link.setTracks(wanted);
  let answer = "";
  const answering = link.answer("offer").then((sdp) => (answer = sdp));
  for (let round = 0; round < 10; round += 1) {
    for (const sender of Object.values(senders)) sender.settle("refused");
    await moment();
  }
  expect([answer, senders.mic.track]).toEqual(["answer", "first"]);
  expect([senders.camera.track, senders.camera_small.track]).toEqual([camera.video, camera.video]);
  await answering;
});

test("nothing is changed at a connection that was closed meanwhile", async () => {
  const { link, connection, senders } = inCall();
  void link.setCamera(camera).catch(() => {});
  link.setTracks(wanted);
  await moment();
  connection.signalingState = "closed";
  senders.camera_small.settle("done");
  await moment();
  expect([senders.mic.track, senders.camera.track]).toEqual([null, null]);
});

test("a screen's sound is sent with the microphone while somebody with a client of version 1 is to hear it", async () => {
  const { link, senders } = inCall();
  const video = { getSettings: () => ({}) };
  const screen = { video, sound: "sound", mixed: "both", maxBitrate: 1, maxFramerate: 30 };
  const settled = async () => {
    for (let round = 0; round < 5; round += 1) {
      for (const sender of Object.values(senders)) sender.settle("done");
      await moment();
    }
  };
  void link.setScreen(screen as never);
  await settled();
  expect(senders.mixed.track).toBeNull();
  link.setTracks({ tracks: {}, is_mixed_wanted: true } as never);
  await settled();
  expect([senders.mixed.track, senders.mic.track, senders.screen_sound.track]).toEqual(["both", "first", null]);
  link.setTracks({ tracks: {} } as never);
  await settled();
  expect(senders.mixed.track).toBeNull();
});
