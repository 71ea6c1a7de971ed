import { emojiCalls } from "@miscord/client";
import { emojiMark } from "@miscord/text";
import { expect, test } from "vitest";
import { createServerWith, firstChannel } from "../harness/community.ts";
import type { Person } from "../harness/person.ts";
import { openWorld } from "../harness/world.ts";

const world = openWorld();

/** Two frames of one pixel, repeated for ever. */
const animation = new Blob(
  [
    Buffer.from(
      "47494638396101000100800000000000ffffff21ff0b4e45545343415045322e300301000000" +
        "21f904000a0000002c00000000010001000002024c010021f904000a0000002c00000000010001000002024401003b",
      "hex",
    ),
  ],
  { type: "image/gif" },
);

const emojiOf = ({ page }: Person) => page.getByRole("article").getByRole("img", { name: ":dance:" });
const srcOf = (person: Person) => emojiOf(person).getAttribute("src");

test("pictures stand still for who wants less motion, by the system or by choice, and move while they are pointed at", async () => {
  const [anna, boris] = await Promise.all([
    world.person("Anna", { context: { reducedMotion: "reduce" } }),
    world.person("Boris", { context: { reducedMotion: "no-preference" } }),
  ]);
  const server = await createServerWith([anna, boris]);
  const dance = await emojiCalls(anna.rest, server.id).create(animation, "dance");
  await anna.rest.createMessage(firstChannel(server, "text"), { content: `look ${emojiMark(dance)}` });
  const [moving, still] = [`/api/emojis/${dance.id}`, `/api/emojis/${dance.id}?still`];
  await emojiOf(boris).waitFor();
  expect(await srcOf(boris)).toBe(moving);
  await expect.poll(() => srcOf(anna)).toBe(still);
  // What is laid out late moves it away from the pointer.
  const pointedAt = () =>
    emojiOf(anna)
      .hover()
      .then(() => srcOf(anna));
  await expect.poll(pointedAt).toBe(moving);
  await anna.page.getByText("look").hover({ position: { x: 2, y: 2 } });
  await expect.poll(() => srcOf(anna)).toBe(still);
  await expect
    .poll(() => emojiOf(anna).evaluate((picture: HTMLImageElement) => picture.naturalWidth))
    .toBeGreaterThan(0);

  await boris.button(boris.t("settings:title")).click();
  await boris.page.getByRole("tab", { name: boris.t("settings:tab.appearance") }).click();
  await boris.page.getByRole("combobox", { name: boris.t("settings:motion.title") }).click();
  await boris.page.getByRole("option", { name: boris.t("settings:motion.still") }).click();
  await boris.page.keyboard.press("Escape");
  await expect.poll(() => srcOf(boris)).toBe(still);
  await boris.page.reload();
  await expect.poll(() => srcOf(boris)).toBe(still);
});
