import type { ServerState } from "@miscord/protocol";
import { beforeAll, expect, test } from "vitest";
import { joinCall, marked, participant, participantList, pressInCall, untilInCall } from "../harness/actions/call.ts";
import { interruptSound, isSoundRunning } from "../harness/audio/listening.ts";
import { openCallWorld } from "../harness/call-world.ts";
import { expectHears, expectSilence } from "../harness/checks/hearing.ts";
import { firstChannel, openChannel } from "../harness/community.ts";
import type { Person } from "../harness/person.ts";

const { gatherCallers } = openCallWorld();
const deafened = (person: Person) => marked(person, "Bob", "deafened");
let server: ServerState;
let ann: Person;
let bob: Person;

beforeAll(async () => {
  const gathered = await gatherCallers(
    ["Ann"],
    ["Bob", { context: { permissions: ["microphone"] }, voiceSettings: { mode: "push", pushKey: "KeyV" } }],
  );
  server = gathered.server;
  [ann, bob] = gathered.people as [Person, Person];
  for (const person of [ann, bob]) await joinCall(person);
});

const composer = ({ page }: Person) => page.getByRole("main").getByRole("textbox");

test("a caller who reloads the page is back in the call, muted and deafened as before", async () => {
  await pressInCall(bob, "deafen");
  await deafened(ann).waitFor();
  await bob.page.reload();
  await untilInCall(bob);
  await deafened(ann).waitFor();
  await expectSilence(bob, ann);
  await pressInCall(bob, "undeafen");
  await expectHears(bob, ann);
  await deafened(ann).waitFor({ state: "detached" });
});

test("a caller whose browser asks for the microphone each time is offered the call after a reload", async () => {
  const { page, t } = ann;
  await ann.context.addInitScript(() => {
    navigator.permissions.query = async () => ({ state: "prompt" }) as PermissionStatus;
  });
  await page.reload();
  await ann.button(t("voice:panel.rejoin")).click();
  await untilInCall(ann);
  await expectHears(bob, ann);
});

test("push to talk works while the composer has the focus, and writes nothing", async () => {
  await openChannel(bob, server, firstChannel(server, "text"));
  await untilInCall(bob);
  await composer(bob).click();
  await expectSilence(ann, bob);
  await bob.page.keyboard.down("v");
  await bob.page.keyboard.down("v");
  await expectHears(ann, bob);
  await bob.page.keyboard.up("v");
  await expectSilence(ann, bob);
  await bob.page.keyboard.type("hover");
  expect((await composer(bob).textContent()) ?? "").toBe("hoer");
});

test("sound that is interrupted in a call resumes by itself, or is reported with a button", async () => {
  const { page, t } = ann;
  await bob.page.keyboard.down("v");
  await interruptSound(ann, "briefly");
  await expect.poll(() => isSoundRunning(ann)).toBe(true);
  expect(await page.getByText(t("voice:panel.interrupted")).count()).toBe(0);
  await interruptSound(ann, "until a click");
  await page.getByText(t("voice:panel.interrupted")).waitFor();
  await pressInCall(ann, "play");
  await page.getByText(t("voice:panel.interrupted")).waitFor({ state: "detached" });
  expect(await isSoundRunning(ann)).toBe(true);
  await expectHears(ann, bob);
  await bob.page.keyboard.up("v");
});

test("a right click on a participant opens that participant's card, not the channel's menu", async () => {
  const { page, t } = ann;
  for (const person of [participant(ann, /Bob/), participantList(ann, 2).getByRole("button", { name: /Bob/ })]) {
    await person.click({ button: "right" });
    await page.getByRole("slider", { name: t("voice:person.volumeOf", { name: "Bob" }) }).waitFor();
    expect(await page.getByRole("menu").count()).toBe(0);
    await page.keyboard.press("Escape");
  }
});

test("the page of a call has one button that hangs up", async () => {
  expect(await ann.button(ann.t("voice:panel.leave")).count()).toBe(1);
});
