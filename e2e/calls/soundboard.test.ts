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
  await play(bob, "Ба-дум, тсс!");
  for (const person of people) await saidTo(person, "Bob", "Ба-дум, тсс!").waitFor();
  await expect.poll(annPlayed).toBe(1);
  await expect.poll(bobPlayed).toBe(1);

  await pressInCall(ann, "settings");
  await ann.page.getByRole("slider", { name: t("soundboard:volume") }).press("Home");
  await ann.page.getByText(t("soundboard:off"), { exact: true }).waitFor();
  await ann.page.keyboard.press("Escape");
  await saidTo(ann, "Bob", "Ба-дум, тсс!").waitFor({ state: "hidden" });
  await play(bob, "Ба-дум, тсс!");
  await saidTo(ann, "Bob", "Ба-дум, тсс!").waitFor();
  await expect.poll(bobPlayed).toBe(2);
  expect(await annPlayed()).toBe(1);

  // Nothing of somebody whom one has blocked is heard or shown.
  const bobId = await idOf(bob);
  await saidTo(ann, "Bob", "Ба-дум, тсс!").waitFor({ state: "hidden" });
  await ann.rest.block(bobId);
  await ann.page.getByText(t("voice:stage.blocked")).waitFor();
  await play(bob, "Ба-дум, тсс!");
  await expect.poll(bobPlayed).toBe(3);

  await ann.rest.moderateVoice(firstChannel(server, "voice"), bobId, { muted: true });
  await board(bob).getByText(bob.t("soundboard:silenced")).waitFor();
  await bob.page.keyboard.press("Escape");
  await ann.button(t("soundboard:open"), callPanel(ann)).click();
  await ann.field(t("soundboard:search")).fill("дум");
  await ann.page.keyboard.press("Enter");
  await saidTo(bob, "Ann", "Ба-дум, тсс!").waitFor();
  await expect.poll(bobPlayed).toBe(4);
  await saidTo(ann, "Ann", "Ба-дум, тсс!").waitFor();
  expect(await ann.page.getByRole("main").getByText("Ба-дум, тсс!").count()).toBe(1);
});

const idOf = async (person: Person) => (await person.rest.me()).id;
