import { afterAll, beforeAll, expect, test } from "vitest";
import { callPanel, joinCall } from "../harness/actions/call.ts";
import { untilSameCode } from "../harness/actions/encryption.ts";
import { openCallWorld } from "../harness/call-world.ts";
import { expectAllHearAll } from "../harness/checks/hearing.ts";
import { FaultyLink } from "../harness/faulty-link.ts";
import type { Person } from "../harness/person.ts";

const { world, gatherCallers } = openCallWorld(undefined, "fleet");
/** A call whose home is killed is announced anew within five seconds; with three times the margin of a busy machine. */
const backWithinMs = 15_000;

let links: FaultyLink[];
let people: Person[];

beforeAll(async () => {
  const [first, second] = world.nodes.map(({ port }) => port) as [number, number];
  links = await Promise.all([FaultyLink.to(first, second), FaultyLink.to(second, first)]);
  const [ofAnn, ofBob] = links.map(({ httpUrl }) => httpUrl) as [string, string];
  ({ people } = await gatherCallers(["Ann", { url: ofAnn }], ["Bob", { url: ofBob }]));
  for (const person of people) {
    person.problems.allowOutage();
    await joinCall(person);
  }
});
afterAll(() => Promise.all(links.map((link) => link.close())));

test("people on two nodes hear each other", async () => {
  await expectAllHearAll(people);
});

test("a call goes on when the node that is not its home is killed", async () => {
  const [, second] = world.nodes;
  await second!.kill("SIGKILL");
  await expectAllHearAll(people);
  await second!.start();
});

test("a call is back when the node that is its home is killed", async () => {
  const [first] = world.nodes;
  const since = Date.now();
  await first!.kill("SIGKILL");
  await expectAllHearAll(people);
  expect(Date.now() - since).toBeLessThan(backWithinMs);
  await first!.start();
});

test("a direct call rings on the other node, is answered, heard and encrypted, and another one, without that, is declined", async () => {
  const [ann, bob] = people as [Person, Person];
  const { id: bobId } = await bob.rest.me();
  const { id } = await ann.rest.openDm([bobId]);
  const incoming = ({ page, t }: Person, name: string) =>
    page.getByRole("region", { name: t("people:call.incoming", { name }) });
  const hangUp = (person: Person) => person.button(person.t("voice:panel.hangUp"), callPanel(person)).click();
  await ann.open(`/dms/${id}`);
  await ann.button(ann.t("people:call.start")).click();
  await bob.button(bob.t("people:call.accept"), incoming(bob, "Ann")).click();
  await bob.page.waitForURL(`**/dms/${id}`);
  await incoming(bob, "Ann").waitFor({ state: "detached" });
  await expectAllHearAll(people);
  await untilSameCode(people);
  await hangUp(bob);
  await hangUp(ann);
  await bob.page.getByText(/^Call, \d:\d\d$/).waitFor();

  await ann.rest.call("PATCH", `/api/dms/${id}`, { body: { calls_encrypted: false } });
  await bob.page.getByText(bob.t("chat:call.encryption.off")).waitFor();
  await bob.button(bob.t("people:call.start")).click();
  await bob.page.getByText(bob.t("people:callEncryption.plain")).waitFor();
  await ann.button(ann.t("people:call.decline"), incoming(ann, "Bob")).click();
  await bob.page.getByText(bob.t("people:call.absentAlone", { name: "Ann" })).waitFor();
  await hangUp(bob);
  await ann.page.getByText(ann.t("chat:call.missed"), { exact: true }).first().waitFor();
});
