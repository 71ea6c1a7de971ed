import { expect, test } from "vitest";
import { askStun } from "./ask-stun.ts";

type Candidate = { type: string } | null;

/** Asks with a browser that finds these candidates once it looks for them. */
async function ask(...candidates: Candidate[]) {
  const given: RTCConfiguration[] = [];
  const done: string[] = [];
  const connection = {
    onicecandidate: (_event: { candidate: Candidate }) => {},
    createDataChannel: () => {},
    createOffer: () => Promise.resolve({}),
    setLocalDescription() {
      for (const candidate of candidates) queueMicrotask(() => connection.onicecandidate({ candidate }));
      return Promise.resolve();
    },
    close: () => void done.push("closed"),
  };
  const asked = askStun((configuration) => {
    given.push(configuration);
    return connection as never;
  }, "stun:ams.example.org:7880");
  void asked.then(() => done.push("answered"));
  await new Promise((resolve) => setTimeout(resolve));
  return { given, done };
}

test("the address from the server is the answer, and none when the browser has no other one than its own", async () => {
  const { given, done } = await ask({ type: "host" }, { type: "srflx" });
  expect(given).toEqual([{ iceServers: [{ urls: ["stun:ams.example.org:7880"] }] }]);
  expect(done).toEqual(["closed", "answered"]);
  expect((await ask({ type: "host" }, null)).done).toEqual(["closed", "answered"]);
});

test("the browser's own addresses are no answer", async () => {
  expect((await ask({ type: "host" })).done).toEqual([]);
});

test("nothing is left behind where the browser refuses", async () => {
  const refused = askStun(() => {
    throw new Error("no WebRTC");
  }, "stun:ams.example.org:7880");
  await expect(refused).rejects.toThrow("no WebRTC");
});
