import { readFileSync } from "node:fs";
import { afterAll, beforeAll, expect, test } from "vitest";
import { joinCall } from "../harness/actions/call.ts";
import { receivedLoss, record } from "../harness/audio/listening.ts";
import { frameLevels, likeness, noisySpeech, speechSeconds } from "../harness/audio/speech.ts";
import { openCallWorld } from "../harness/call-world.ts";
import { LossyDatagrams } from "../harness/lossy-datagrams.ts";
import type { Person } from "../harness/person.ts";

const { sounds, gatherCallers } = openCallWorld(() => ({ VOICE_MODE: "forwarded", VOICE_ADDRESS: "127.0.0.1" }));
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

/** How much what Bob hears is like what Ann says, by how loud it is from moment to moment; and the share of it that is lost. */
async function listen(): Promise<{ alike: number; lost: number }> {
  const before = await receivedLoss(bob);
  const heard = frameLevels(await record(bob, speechSeconds + 1));
  const after = await receivedLoss(bob);
  const lost = (after.lost - before.lost) / (after.lost - before.lost + after.received - before.received);
  return { alike: likeness(heard, said), lost };
}

test("what somebody says is recognisable though their network, or the listener's, loses a tenth of all packets", async () => {
  await expect.poll(async () => (await listen()).alike, { timeout: 60_000 }).toBeGreaterThan(0.9);
  for (const network of networks) {
    network.loss = 0.1;
    const { alike, lost } = await listen();
    network.loss = 0;
    expect(lost).toBeGreaterThan(0.04);
    expect(alike).toBeGreaterThan(0.8);
  }
});
