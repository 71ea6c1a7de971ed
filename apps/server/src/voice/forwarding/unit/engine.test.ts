import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { expect, test, vi } from "vitest";
import { EngineConnection } from "./engine.ts";
import { findUdpPort } from "./find-udp-port.ts";

setFlagsFromString("--expose-gc");
const collectGarbage = runInNewContext("gc") as () => void;

/** A connection that was closed, whose callbacks refer to it. */
function closed(port: number, name: string): WeakRef<object> {
  const connection = new EngineConnection(name, port);
  const section = connection.addVoice({ mid: "mic", payloadType: 111, ssrc: 1_000 });
  const owner = { connection, section, received: 0 };
  section.onMessage(() => (owner.received += 1));
  connection.onDescription(() => (owner.received += 1));
  connection.onLost(() => (owner.received += 1));
  connection.describe("offer");
  connection.close();
  return new WeakRef(owner);
}

test("nothing of a connection stays in memory once it is closed", async () => {
  const port = await findUdpPort(0);
  const owners = Array.from({ length: 20 }, (_, at) => closed(port, `closed ${at}`));
  const left = () => {
    collectGarbage();
    return owners.filter((owner) => owner.deref() !== undefined).length;
  };
  await vi.waitFor(() => expect(left()).toBe(0), { timeout: 10_000, interval: 200 });
});
