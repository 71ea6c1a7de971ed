import type { Locator } from "playwright-core";
import { expect, test } from "vitest";
import { buildWav } from "../../apps/server/src/domain/attachments/sound/testing/build-sound.ts";
import { callPanel, joinCall, pressInCall } from "../harness/actions/call.ts";
import { openCallWorld } from "../harness/call-world.ts";
import { expectScreenAccessible, screenVariants } from "../harness/checks/screens.ts";
import { chooseInServerMenu, firstChannel } from "../harness/community.ts";
import type { Person } from "../harness/person.ts";

const { gatherCallers } = openCallWorld();
const [onDesktop, onPhone] = screenVariants;

/** Notes when the page plays a sound of the soundboard; the interface's own sounds are no recordings. */
async function noteSounds({ page }: Person): Promise<() => Promise<number>> {
  const notes = await page.evaluateHandle(() => {
    const starts: number[] = [];
    class NotedSource extends AudioBufferSourceNode {
      override start(...when: Parameters<AudioBufferSourceNode["start"]>): void {
        starts.push(this.buffer?.duration ?? 0);
        super.start(...when);
      }
    }
    globalThis.AudioBufferSourceNode = NotedSource;
    return starts;
  });
  return () => notes.evaluate((starts) => starts.length);
}

const board = ({ page, t }: Person) => page.getByRole("dialog", { name: t("soundboard:title") });

async function play(person: Person, sound: string): Promise<void> {
  await board(person)
    .getByRole("gridcell", { name: person.t("soundboard:play", { sound }) })
    .click();
}

const saidTo = (person: Person, by: string, sound: string) =>
  callPanel(person).getByText(person.t("soundboard:played", { name: by, sound }));

/** The wait for what is shown for a few seconds only begins before the press. */
async function showing(told: readonly Locator[], press: () => Promise<void>): Promise<void> {
  await Promise.all([...told.map((one) => one.waitFor()), press()]);
}

test("a sound that the owner adds is played to everybody in the call from a phone, by name, and silent for who wants none", async () => {
  const { people, server } = await gatherCallers(
    ["Ann", { ...onDesktop, microphone: null }],
    ["Bob", { ...onPhone, microphone: null }],
  );
  const [ann, bob] = people as [Person, Person];
  const { t } = ann;
  await chooseInServerMenu(ann, "Lighthouse", t("servers:settings.open"));
  await ann.page.getByRole("tab", { name: t("soundboard:title") }).click();
  await ann.button(t("soundboard:add")).click();
  const chosen = ann.dialog().locator('input[type="file"]');
  await chosen.setInputFiles({ name: "long.wav", mimeType: "audio/wav", buffer: buildWav(6_000) });
  await ann.button(t("soundboard:add"), ann.dialog()).click();
  await ann.page.getByText(t("soundboard:tooLong")).waitFor();
  await chosen.setInputFiles({ name: "ba_dum tss.wav", mimeType: "audio/wav", buffer: buildWav(400) });
  await ann.field(t("soundboard:name"), ann.dialog()).fill("Ба-дум, тсс!");
  await expectScreenAccessible(ann, onDesktop!, "new sound");
  await ann.button(t("soundboard:add"), ann.dialog()).click();
  await ann.page.getByRole("listitem").filter({ hasText: "Ба-дум, тсс!" }).waitFor();
  await expectScreenAccessible(ann, onDesktop!, "sounds of a server");
  await ann.page.keyboard.press("Escape");

  for (const person of people) await joinCall(person);
  const [annPlayed, bobPlayed] = [await noteSounds(ann), await noteSounds(bob)];
  await bob.button(bob.t("soundboard:open"), callPanel(bob)).click();
  await board(bob).getByRole("gridcell").first().waitFor();
  await expectScreenAccessible(bob, onPhone!, "soundboard");
  const byBob = people.map((person) => saidTo(person, "Bob", "Ба-дум, тсс!"));
  let [annHeard, bobHeard] = [0, 0];
  // A file that comes too late is not played; the next time it is at hand.
  while (annHeard === 0 || bobHeard === 0) {
    await showing(byBob, () => play(bob, "Ба-дум, тсс!"));
    for (const one of byBob) await one.waitFor({ state: "hidden" });
    [annHeard, bobHeard] = [await annPlayed(), await bobPlayed()];
  }

  await pressInCall(ann, "settings");
  await ann.page.getByRole("slider", { name: t("soundboard:volume") }).press("Home");
  await ann.page.getByText(t("soundboard:off"), { exact: true }).waitFor();
  await ann.page.keyboard.press("Escape");
  await showing(byBob, () => play(bob, "Ба-дум, тсс!"));
  await expect.poll(bobPlayed).toBe(bobHeard + 1);
  expect(await annPlayed()).toBe(annHeard);

  // Nothing of somebody whom one has blocked is heard or shown.
  const bobId = await idOf(bob);
  await saidTo(ann, "Bob", "Ба-дум, тсс!").waitFor({ state: "hidden" });
  await ann.rest.block(bobId);
  await ann.page.getByText(t("voice:stage.blocked")).waitFor();
  await play(bob, "Ба-дум, тсс!");
  await expect.poll(bobPlayed).toBe(bobHeard + 2);

  await ann.rest.moderateVoice(firstChannel(server, "voice"), bobId, { muted: true });
  await board(bob).getByText(bob.t("soundboard:silenced")).waitFor();
  await bob.page.keyboard.press("Escape");
  await ann.button(t("soundboard:open"), callPanel(ann)).click();
  await ann.field(t("soundboard:search")).fill("дум");
  const byAnn = people.map((person) => saidTo(person, "Ann", "Ба-дум, тсс!"));
  // Strict: nobody else's tile has it.
  const onTile = ann.page.getByRole("main").getByText("Ба-дум, тсс!");
  await showing([...byAnn, onTile], () => ann.page.keyboard.press("Enter"));
  await expect.poll(bobPlayed).toBe(bobHeard + 3);
});

const idOf = async (person: Person) => (await person.rest.me()).id;
