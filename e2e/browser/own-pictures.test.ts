import { crc32, deflateSync } from "node:zlib";
import type { Locator } from "playwright-core";
import { expect, test } from "vitest";
import { hideChannels, openSettings } from "../harness/actions/accounts.ts";
import { message, say } from "../harness/actions/messages.ts";
import { expectScreenAccessible, screenVariants } from "../harness/checks/screens.ts";
import { chooseInServerMenu, createServerWith } from "../harness/community.ts";
import type { Person } from "../harness/person.ts";
import { openWorld } from "../harness/world.ts";

const world = openWorld();
const [onDesktop, onPhone] = screenVariants;

const red = [220, 30, 30];
const blue = [20, 60, 230];

/** A PNG of this size, its left half red and its right half blue. */
function halves(width: number, height: number): { name: string; mimeType: string; buffer: Buffer } {
  const row = Array.from({ length: width }, (_, x) => (x < width / 2 ? red : blue)).flat();
  const pixels = Buffer.concat(Array.from({ length: height }, () => Buffer.from([0, ...row])));
  const header = Buffer.alloc(13);
  header.writeUInt32BE(width, 0);
  header.writeUInt32BE(height, 4);
  header.set([8, 2, 0, 0, 0], 8);
  const chunk = (type: string, data: Buffer) => {
    const body = Buffer.concat([Buffer.from(type), data]);
    const [length, check] = [Buffer.alloc(4), Buffer.alloc(4)];
    length.writeUInt32BE(data.length);
    check.writeUInt32BE(crc32(body));
    return Buffer.concat([length, body, check]);
  };
  const signature = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);
  const parts = [chunk("IHDR", header), chunk("IDAT", deflateSync(pixels)), chunk("IEND", Buffer.alloc(0))];
  return { name: "halves.png", mimeType: "image/png", buffer: Buffer.concat([signature, ...parts]) };
}

const pictureIn = (place: Locator) => place.locator('img[src^="/api/pictures/"]:visible');
const addressIn = (place: Locator) => pictureIn(place).first().getAttribute("src");

/** Red, green and blue of the point at these parts of the picture's width, as the person's browser shows it. */
function coloursIn({ page }: Person, address: string, places: readonly number[]): Promise<number[][]> {
  return page.evaluate(
    async ([url, parts]) => {
      const picture = await createImageBitmap(await (await fetch(url)).blob());
      const canvas = new OffscreenCanvas(picture.width, picture.height);
      const context = canvas.getContext("2d")!;
      context.drawImage(picture, 0, 0);
      const at = (part: number) => [...context.getImageData(part * picture.width, picture.height / 2, 1, 1).data];
      return parts.map((part) => at(part).slice(0, 3));
    },
    [address, places] as const,
  );
}
/** The point of the preview at this part of its width. */
function colourOfCanvas(area: Locator, part: number): Promise<number[]> {
  return area.locator("canvas").evaluate((canvas: HTMLCanvasElement, at) => {
    const { data } = canvas.getContext("2d")!.getImageData(at * canvas.width, canvas.height / 2, 1, 1);
    return [...data].slice(0, 3);
  }, part);
}
const isNear = (one: number[], other: number[]) => one.every((value, index) => Math.abs(value - other[index]!) < 25);

async function choose(
  person: Person,
  file: ReturnType<typeof halves>,
  what: "upload" | "banner.upload" = "upload",
): Promise<Locator> {
  const chooser = person.page.waitForEvent("filechooser");
  await person.button(person.t(`pictures:${what}`)).click();
  await (await chooser).setFiles(file);
  return person.page.getByRole("application", { name: person.t("pictures:crop.area") });
}

test("a face is cut out with the keyboard, shown to others at once, also beside what was said before, and removed", async () => {
  const [anna, boris] = await Promise.all([world.person("Anna", onPhone), world.person("Boris", onDesktop)]);
  const server = await createServerWith([boris, anna]);
  await say(anna, "hello");
  await message(boris, "hello").waitFor();
  const members = boris.page.getByRole("complementary").last();
  expect(await pictureIn(boris.page.locator("body")).count()).toBe(0);

  await openSettings(anna, "profile");
  const area = await choose(anna, halves(400, 200));
  await expect.poll(async () => isNear(await colourOfCanvas(area, 0.25), red)).toBe(true);
  await area.focus();
  for (let count = 0; count < 6; count += 1) await anna.page.keyboard.press("Shift+ArrowLeft");
  await anna.page.keyboard.press("+");
  await expectScreenAccessible(anna, onPhone!, "crop");
  await anna.button(anna.t("pictures:crop.use")).click();
  await pictureIn(message(boris, "hello")).waitFor();
  await pictureIn(members).waitFor();
  const address = (await addressIn(message(boris, "hello")))!;
  expect(await addressIn(members)).toBe(address);
  const colours = await coloursIn(boris, address, [0.05, 0.5, 0.95]);
  expect(colours.map((colour) => isNear(colour, blue))).toEqual([true, true, true]);

  await pictureIn(anna.dialog()).waitFor();
  await anna.button(anna.t("pictures:remove")).click();
  await pictureIn(message(boris, "hello")).waitFor({ state: "hidden" });
  await expect.poll(() => pictureIn(boris.page.locator("body")).count()).toBe(0);

  const wide = await choose(anna, halves(400, 400), "banner.upload");
  await expect.poll(async () => isNear(await colourOfCanvas(wide, 0.25), red)).toBe(true);
  await wide.focus();
  for (let count = 0; count < 8; count += 1) await anna.page.keyboard.press("+");
  for (let count = 0; count < 9; count += 1) await anna.page.keyboard.press("Shift+ArrowLeft");
  await expectScreenAccessible(anna, onPhone!, "crop of a banner");
  await anna.button(anna.t("pictures:crop.use")).click();
  await pictureIn(anna.dialog()).waitFor();
  const banner = await coloursIn(anna, (await addressIn(anna.dialog()))!, [0.05, 0.5, 0.95]);
  expect(banner.map((colour) => isNear(colour, blue))).toEqual([true, true, true]);
  await anna.button(anna.t("pictures:banner.remove")).click();
  await pictureIn(anna.dialog()).waitFor({ state: "hidden" });
  await anna.page.keyboard.press("Escape");
  await hideChannels(anna);

  await chooseInServerMenu(boris, server.name, boris.t("servers:settings.open"));
  await choose(boris, halves(300, 300));
  await expectScreenAccessible(boris, onDesktop!, "crop");
  await boris.button(boris.t("pictures:crop.use")).click();
  await pictureIn(boris.dialog()).waitFor();
  await boris.page.keyboard.press("Escape");
  const rail = boris.page.getByRole("link", { name: server.name });
  await pictureIn(rail).waitFor();
  const halvesOfIcon = await coloursIn(boris, (await addressIn(rail))!, [0.25, 0.75]);
  expect([isNear(halvesOfIcon[0]!, red), isNear(halvesOfIcon[1]!, blue)]).toEqual([true, true]);
  await anna.button(anna.t("common:nav.open")).click();
  await pictureIn(anna.page.getByRole("link", { name: server.name })).waitFor();
});
