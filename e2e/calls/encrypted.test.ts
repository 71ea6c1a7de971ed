import { beforeAll, test } from "vitest";
import { joinCall } from "../harness/actions/call.ts";
import { openCallWorld } from "../harness/call-world.ts";
import { expectAllHearAll } from "../harness/checks/hearing.ts";
import type { Person } from "../harness/person.ts";

const { gatherCallers } = openCallWorld(() => ({ VOICE_MODE: "forwarded", VOICE_ADDRESS: "127.0.0.1" }));

let people: Person[];

beforeAll(async () => {
  const gathered = await gatherCallers(["Ann"], ["Bob"], ["Cid"]);
  ({ people } = gathered);
  const voice = gathered.server.channels.find(({ type }) => type === "voice")!;
  await people[0]!.rest.updateChannel(voice.id, { is_encrypted: true });
});

test("people in an encrypted call hear each other", async () => {
  const [ann, bob, cid] = people as [Person, Person, Person];
  await joinCall(ann);
  await joinCall(bob);
  await expectAllHearAll([ann, bob]);
  await joinCall(cid);
  await expectAllHearAll(people);
});
