import { readFileSync } from "node:fs";
import { afterAll, beforeAll, expect, test } from "vitest";
import { joinCall } from "../harness/actions/call.ts";
import { receivedSound, record } from "../harness/audio/listening.ts";
import { frameLevels, likeness, noisySpeech, speechSeconds } from "../harness/audio/speech.ts";
import { openCallWorld } from "../harness/call-world.ts";
import { LossyDatagrams } from "../harness/lossy-datagrams.ts";
import type { Person } from "../harness/person.ts";

const { sounds, gatherCallers } = openCallWorld(() => ({ VOICE_MODE: "forwarded", VOICE_ADDRESS: "127.0.0.1" }));
/** An overloaded machine drops sound by itself, which makes a measurement meaningless; it is then repeated. */
const busyMachine = { retry: 3 };
/** Bytes before the samples of a WAV file. */
const wavHeader = 44;

let networks: LossyDatagrams[];
let bob: Person;
/** The level of each 20 ms of what Ann says. */
let said: number[];

beforeAll(async () => {
  const file = noisySpeech(sounds);
  const bytes = readFileSync(file).subarray(wavHeader);
  said = frameLevels(new Int16Array(bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.length)));
  const { people } = await gatherCallers(["Ann", { microphone: file }], ["Bob"]);
  networks = people.map(() => new LossyDatagrams());
  for (const [index, person] of people.entries()) {
    await networks[index]!.stand(person.context);
    await person.page.reload();
    await joinCall(person);
  }
  bob = people[1]!;
});
afterAll(() => Promise.all(networks.map((network) => network.close())));

/** How much what Bob hears is like what Ann says, and what became of its packets. */
async function listen(): Promise<{ alike: number; lost: number; repaired: number }> {
  const before = await receivedSound(bob);
  const heard = frameLevels(await record(bob, speechSeconds + 1));
  const after = await receivedSound(bob);
  const lost = after.lost - before.lost;
  return {
    alike: likeness(heard, said),
    lost: lost / (lost + after.received - before.received),
    repaired: after.repaired - before.repaired,
  };
}

test(
  "what somebody says is recognisable though their network, or the listener's, loses a tenth of all packets",
  busyMachine,
  async () => {
    await expect.poll(async () => (await listen()).alike, { timeout: 60_000 }).toBeGreaterThan(0.9);
    for (const network of networks) {
      network.loss = 0.1;
      const { alike, lost, repaired } = await listen();
      network.loss = 0;
      expect(lost).toBeGreaterThan(0.04);
      expect(repaired).toBeGreaterThan(0);
      expect(alike).toBeGreaterThan(0.8);
    }
  },
);
