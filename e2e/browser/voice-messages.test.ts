import type { Locator } from "playwright-core";
import { afterAll, expect, test } from "vitest";
import { message, say } from "../harness/actions/messages.ts";
import { liveMicrophones } from "../harness/audio/listening.ts";
import { SoundFiles } from "../harness/audio/sounds.ts";
import { expectScreenAccessible, screenVariants } from "../harness/checks/screens.ts";
import { createServerWith, firstChannel, goToChannel } from "../harness/community.ts";
import type { Person } from "../harness/person.ts";
import { openWorld } from "../harness/world.ts";

const world = openWorld();
const sounds = new SoundFiles();
afterAll(() => sounds.remove());
const onDesktop = screenVariants[0]!;
const onPhone = screenVariants[1]!;

const record = (person: Person) => person.button(person.t("chat:composer.voice"), person.page.locator("#main"));
const recorder = (person: Person) =>
  person.page.getByRole("group", { name: person.t("chat:voice.recorder"), exact: true });

/** The player of a voice message, whatever its length. */
function player(person: Person): Locator {
  const [before, after] = person.t("chat:voiceMessage", { length: "|" }).split("|");
  return person.page.getByRole("group", { name: new RegExp(`^${before}0:\\d\\d${after}$`) });
}

async function recordASecond(person: Person): Promise<void> {
  await record(person).click();
  await recorder(person).getByRole("timer").filter({ hasText: "0:01" }).waitFor();
}

test("a voice message from a phone is played, moved in and answered on a desktop", async () => {
  const [anna, boris] = (await world.people([
    ["Anna", { ...onPhone, microphone: sounds.beeps(400) }],
    ["Boris", onDesktop],
  ])) as [Person, Person];
  const server = await createServerWith([anna, boris]);
  await recordASecond(anna);
  expect(await liveMicrophones(anna)).toHaveLength(1);
  await expectScreenAccessible(anna, onPhone, "voice recorder");
  await anna.button(anna.t("chat:voice.send")).click();
  await player(anna).waitFor();
  expect(await liveMicrophones(anna)).toEqual([]);

  const { messages } = await boris.rest.listMessages(firstChannel(server, "text"));
  const voice = messages[0]!.attachments[0]!;
  expect(voice).toMatchObject({ content_type: "audio/webm" });
  const loudest = Math.max(...Buffer.from(voice.waveform!, "base64"));
  expect({ isLong: voice.duration_ms! >= 1_000, loudest }).toEqual({ isLong: true, loudest: 255 });

  const shown = player(boris);
  const position = shown.getByRole("slider", { name: boris.t("chat:voice.position") });
  const now = async () => Number(await position.getAttribute("aria-valuenow"));
  await boris.button(boris.t("chat:voice.play"), shown).click();
  await expect.poll(now).toBeGreaterThan(0);
  // At its end it stands at the beginning again.
  await boris.button(boris.t("chat:voice.play"), shown).waitFor();
  await expect.poll(now).toBe(0);
  await position.press("ArrowRight");
  await expect.poll(now).toBe(1);
  await position.press("Home");
  await expect.poll(now).toBe(0);
  await boris.page.getByRole("button", { name: boris.t("chat:voice.speed", { speed: "1" }), exact: true }).click();
  await boris.page.getByRole("button", { name: boris.t("chat:voice.speed", { speed: "1,5" }), exact: true }).waitFor();
  await expectScreenAccessible(boris, onDesktop, "voice message");

  const row = boris.page.getByRole("article").filter({ has: shown });
  await row.hover();
  await boris.button(boris.t("chat:action.reply"), row).click();
  await say(boris, "heard");
  await message(anna, "heard")
    .getByText(/^Voice message, 0:\d\d$/)
    .waitFor();
});

test("a voice message that is cancelled lets go of the microphone, one without a network is sent again, and a refused microphone is explained", async () => {
  const [anna, boris] = (await world.people([
    ["Anna", { ...onDesktop, microphone: sounds.beeps(400) }],
    [
      "Boris",
      // Other permissions than the microphone's: the browser denies it.
      {
        ...onPhone,
        microphone: sounds.beeps(900),
        grantsMicrophone: false,
        context: { permissions: ["notifications"] },
      },
    ],
  ])) as [Person, Person];
  const server = await createServerWith([anna, boris]);
  await anna.rest.createChannel(server.id, { name: "elsewhere", type: "text" });
  await recordASecond(anna);
  await anna.page.keyboard.press("Escape");
  await expect.poll(() => liveMicrophones(anna)).toEqual([]);
  await record(anna).click();
  await expect.poll(() => liveMicrophones(anna)).toHaveLength(1);
  await goToChannel(anna, "elsewhere");
  await expect.poll(() => liveMicrophones(anna)).toEqual([]);
  await goToChannel(anna, server.channels.find(({ type }) => type === "text")!.name);

  await recordASecond(anna);
  anna.problems.allowOutage();
  await anna.context.setOffline(true);
  await anna.page.keyboard.press("Enter");
  await anna.page.getByRole("alert").first().waitFor();
  expect(await liveMicrophones(anna)).toEqual([]);
  await anna.context.setOffline(false);
  const again = anna.page.getByRole("button", { name: /^Загрузить Голосовое сообщение, 0:\d\d ещё раз$/ });
  await again.click();
  await player(boris).waitFor();

  await record(boris).click();
  await boris.page.getByText(boris.t("chat:voice.problem.denied")).waitFor();
  await expectScreenAccessible(boris, onPhone, "no microphone");
  await boris.context.grantPermissions(["microphone"]);
  await boris.button(boris.t("chat:voice.retry"), recorder(boris)).click();
  await expect.poll(() => liveMicrophones(boris)).toHaveLength(1);
  await boris.button(boris.t("chat:voice.cancel")).click();
  await record(boris).waitFor();
  expect(await liveMicrophones(boris)).toEqual([]);
});
