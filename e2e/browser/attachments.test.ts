import { crc32, deflateSync } from "node:zlib";
import type { Locator } from "playwright-core";
import { expect, test } from "vitest";
import { expectAccessible } from "../harness/checks/accessibility.ts";
import { createServerWith } from "../harness/community.ts";
import { answeredByTest, type Person } from "../harness/person.ts";
import { openWorld } from "../harness/world.ts";
import { message, say } from "../harness/actions/messages.ts";
import { testInLongForm } from "../harness/variants.ts";

const world = openWorld();

interface TestFile {
  name: string;
  mimeType: string;
  buffer: Buffer;
}

const note: TestFile = { name: "note.txt", mimeType: "text/plain", buffer: Buffer.from("remember the milk") };
const page: TestFile = {
  name: "page.html",
  mimeType: "text/html",
  buffer: Buffer.from("<!doctype html><script>alert(1)</script>"),
};
const picture: TestFile = { name: "picture.png", mimeType: "image/png", buffer: png(120, 80) };

async function pick(person: Person, ...files: TestFile[]): Promise<void> {
  await person.page.locator('input[type="file"]').setInputFiles(files);
}

/** Dispatches the events of a file that is pasted or dropped. */
async function transfer(target: Locator, kind: "paste" | "drop", { name, mimeType, buffer }: TestFile): Promise<void> {
  const file = { kind, name, mimeType, base64: buffer.toString("base64") };
  await target.evaluate((element, { kind, name, mimeType, base64 }) => {
    const data = new DataTransfer();
    data.items.add(new File([Uint8Array.from(atob(base64), (char) => char.charCodeAt(0))], name, { type: mimeType }));
    const shared = { bubbles: true, cancelable: true };
    if (kind === "paste") element.dispatchEvent(new ClipboardEvent("paste", { ...shared, clipboardData: data }));
    else {
      element.dispatchEvent(new DragEvent("dragover", { ...shared, dataTransfer: data }));
      element.dispatchEvent(new DragEvent("drop", { ...shared, dataTransfer: data }));
    }
  }, file);
}

const tray = (person: Person) => person.page.getByRole("list", { name: person.t("chat:upload.list") });

test("files that are picked, pasted and dropped go into one message, and others see and download them", async () => {
  const anna = await world.person("Анна", { locale: "ru" });
  const boris = await world.person("Борис");
  await createServerWith([anna, boris], { name: "Home" });
  await pick(anna, note);
  await transfer(anna.page.getByRole("textbox"), "paste", picture);
  await transfer(anna.page.locator("#main h1"), "drop", page);
  await expect.poll(() => tray(anna).getByRole("listitem").count()).toBe(3);
  await expectAccessible(anna.page);
  await pick(anna, ...Array.from({ length: 8 }, () => note));
  await anna.page.getByText(anna.t("chat:upload.tooMany", { count: 10 })).waitFor();
  await expect.poll(() => tray(anna).getByRole("listitem").count()).toBe(10);
  await expectAccessible(anna.page);

  await say(anna, "three files");
  const received = message(boris, "three files");
  const image = received.getByRole("button", { name: boris.t("chat:attachment.open", { name: picture.name }) });
  await image.locator("img").waitFor();
  // The size is set before the image has loaded, so the list does not move.
  expect(await image.locator("img").evaluate((img) => [img.getAttribute("width"), img.getAttribute("height")])).toEqual(
    ["120", "80"],
  );
  await expect.poll(() => image.locator("img").evaluate((img: HTMLImageElement) => img.naturalWidth)).toBe(120);
  await expectAccessible(boris.page);
  const link = received.getByRole("link", { name: `${boris.t("chat:attachment.download")} ${note.name}` }).first();
  const [download] = await Promise.all([boris.page.waitForEvent("download"), link.click()]);
  expect(download.suggestedFilename()).toBe("note.txt");
  expect(await tray(anna).count()).toBe(0);
});

test("an upload shows its progress, can be cancelled, and the message is sent when it is complete", async () => {
  const anna = await world.person("Anna");
  const boris = await world.person("Boris");
  await createServerWith([anna, boris], { name: "Home" });
  const network = await anna.context.newCDPSession(anna.page);
  const slow = { offline: false, latency: 0, downloadThroughput: -1, uploadThroughput: 512 * 1024 };
  await network.send("Network.emulateNetworkConditions", slow);
  const big = (name: string): TestFile => ({
    name,
    mimeType: "application/octet-stream",
    buffer: Buffer.alloc(20 * 1024 * 1024, 7),
  });
  await pick(anna, big("first.bin"), big("second.bin"));
  const bar = tray(anna).getByRole("progressbar", { name: anna.t("chat:upload.progress", { name: "first.bin" }) });
  await expect
    .poll(async () => Number(await bar.getAttribute("aria-valuenow")), { timeout: 20_000 })
    .toBeGreaterThan(0);
  await anna.button(anna.t("chat:upload.cancel", { name: "second.bin" })).click();
  await expect.poll(() => tray(anna).getByRole("listitem").count()).toBe(1);

  await say(anna, "here it comes");
  await anna.page.getByText(anna.t("chat:composer.waitForUploads")).waitFor();
  expect(await message(boris, "here it comes").count()).toBe(0);
  await network.send("Network.emulateNetworkConditions", { ...slow, uploadThroughput: -1 });
  await message(boris, "here it comes")
    .getByRole("link", { name: /first\.bin/ })
    .waitFor();
  expect(
    await message(boris, "here it comes")
      .getByRole("link", { name: /second\.bin/ })
      .count(),
  ).toBe(0);
  expect(await anna.page.getByRole("textbox").inputValue()).toBe("");
});

test("files that are too large or empty are refused, and an upload that failed can be retried", async () => {
  const anna = await world.person("Anna", answeredByTest);
  await createServerWith([anna], { name: "Home" });
  anna.problems.allow(/net::ERR_/);
  const large = { ...note, name: "large.bin", buffer: Buffer.alloc(25 * 1024 * 1024 + 1) };
  const empty = { ...note, name: "empty.txt", buffer: Buffer.alloc(0) };
  await anna.page.route("**/api/attachments", (route) => route.abort());
  await pick(anna, large, empty, note);
  const state = (name: string) => tray(anna).getByRole("listitem").filter({ hasText: name });
  await state("large.bin").getByRole("alert").getByText("25 MB").waitFor();
  await state("empty.txt").getByText(anna.t("chat:upload.empty")).waitFor();
  await state("note.txt").getByText(anna.t("common:error.unavailable")).waitFor();
  await say(anna, "not yet");
  await anna.page.getByText(anna.t("chat:composer.removeFailed")).waitFor();
  await expectAccessible(anna.page);

  await anna.page.unroute("**/api/attachments");
  await anna.button(anna.t("chat:upload.remove", { name: "large.bin" })).click();
  await anna.button(anna.t("chat:upload.remove", { name: "empty.txt" })).click();
  await anna.button(anna.t("chat:upload.retry", { name: "note.txt" })).click();
  await state("note.txt").getByText("17").waitFor();
  await anna.page.getByRole("textbox").press("Enter");
  await message(anna, "not yet")
    .getByRole("link", { name: /note\.txt/ })
    .waitFor();
});

test("an attachment is served to members only, and as a download instead of a page", async () => {
  const anna = await world.person("Anna");
  const boris = await world.person("Boris");
  const carol = await world.person("Carol");
  const stranger = await world.guest("Stranger");
  const home = await createServerWith([anna, boris], { name: "Home" });
  await pick(anna, page);
  await say(anna, "a page");
  await message(boris, "a page").waitFor();
  const [sent] = (await anna.rest.listMessages(home.channels[0]!.id)).messages;
  const url = sent!.attachments[0]!.file_url;

  const answer = await boris.context.request.get(url);
  expect(answer.status()).toBe(200);
  expect(answer.headers()["content-disposition"]).toMatch(/^attachment/);
  expect(answer.headers()["x-content-type-options"]).toBe("nosniff");
  for (const other of [carol, stranger]) {
    const refused = await other.context.request.get(url);
    expect([401, 403, 404]).toContain(refused.status());
  }
});

testInLongForm("cells of a spreadsheet are pasted as text, a screenshot as a picture", async () => {
  const anna = await world.person("Anna");
  await createServerWith([anna], { name: "Home" });
  const box = anna.page.getByRole("textbox");
  const paste = (texts: Record<string, string>) =>
    box.evaluate((element, given) => {
      const data = new DataTransfer();
      for (const [type, text] of Object.entries(given)) data.setData(type, text);
      data.items.add(new File(["x"], "image.png", { type: "image/png" }));
      const event = new ClipboardEvent("paste", { bubbles: true, cancelable: true, clipboardData: data });
      element.dispatchEvent(event);
      return event.defaultPrevented;
    }, texts);
  expect(await paste({ "text/plain": "1\t2", "text/html": "<table><td>1<td>2</table>" })).toBe(false);
  expect(await tray(anna).count()).toBe(0);
  expect(await paste({})).toBe(true);
  await tray(anna).getByText("image.png").waitFor();
});

test("several pictures form a grid, and the viewer goes on and enlarges", async () => {
  const anna = await world.person("Anna");
  await createServerWith([anna], { name: "Home" });
  const pictures = ["one.png", "two.png", "three.png"].map((name) => ({ ...picture, name, buffer: png(300, 200) }));
  await pick(anna, ...pictures);
  await say(anna, "three pictures");
  const sent = message(anna, "three pictures");
  const tiles = pictures.map(({ name }) =>
    sent.getByRole("button", { name: anna.t("chat:attachment.open", { name }) }),
  );
  await tiles[2]!.locator("img").waitFor();
  const boxes = await Promise.all(tiles.map((tile) => tile.boundingBox()));
  expect(new Set(boxes.map((box) => Math.round(box!.y))).size).toBe(1);
  await expectAccessible(anna.page);

  await tiles[0]!.click();
  const viewer = anna.page.getByRole("dialog");
  const shown = (name: string) => viewer.getByRole("img", { name: anna.t("chat:attachment.image", { name }) });
  await shown("one.png").waitFor();
  await anna.page.keyboard.press("ArrowRight");
  await shown("two.png").waitFor();
  const width = async () => (await shown("two.png").boundingBox())!.width;
  const fitted = await width();
  await anna.page.keyboard.press("+");
  await expect.poll(width).toBeGreaterThan(fitted * 1.4);
  await viewer.getByRole("button", { name: anna.t("chat:viewer.zoomOut") }).click();
  await expect.poll(width).toBeCloseTo(fitted, 0);
  await shown("two.png").click();
  await expect.poll(width).toBeGreaterThan(fitted * 1.9);
  await expectAccessible(anna.page);
  await anna.page.keyboard.press("ArrowLeft");
  await shown("one.png").waitFor();
  const [download] = await Promise.all([
    anna.page.waitForEvent("download"),
    viewer.getByRole("link", { name: anna.t("chat:viewer.download") }).click(),
  ]);
  expect(download.suggestedFilename()).toBe("one.png");
  await anna.page.keyboard.press("Escape");
  await expect.poll(() => viewer.count()).toBe(0);
});

testInLongForm("a picture of 20,000 × 20,000 pixels is decoded neither before nor after it is sent", async () => {
  const anna = await world.person("Anna");
  await createServerWith([anna], { name: "Home" });
  const huge = { ...picture, name: "huge.png", buffer: png(20_000, 20_000, Buffer.alloc(1_000)) };
  await pick(anna, picture, huge);
  // The preview of the other one is there, so this one has been looked at as well.
  await expect.poll(() => tray(anna).locator("img").count()).toBe(1);
  await say(anna, "huge");
  await message(anna, "huge")
    .getByRole("link", { name: /huge\.png/ })
    .waitFor();
  expect(await message(anna, "huge").locator("img").count()).toBe(1);
});

/** One colour, without a compressor of pictures. */
function png(width: number, height: number, pixels = oneColour(width, height)): Buffer {
  const header = Buffer.alloc(13);
  header.writeUInt32BE(width, 0);
  header.writeUInt32BE(height, 4);
  header.set([8, 2, 0, 0, 0], 8);
  const signature = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);
  return Buffer.concat([
    signature,
    chunk("IHDR", header),
    chunk("IDAT", deflateSync(pixels)),
    chunk("IEND", Buffer.alloc(0)),
  ]);
}

function oneColour(width: number, height: number): Buffer {
  const rows = Buffer.alloc(height * (1 + width * 3), 0x60);
  for (let row = 0; row < height; row += 1) rows[row * (1 + width * 3)] = 0;
  return rows;
}

function chunk(type: string, data: Buffer): Buffer {
  const body = Buffer.concat([Buffer.from(type, "latin1"), data]);
  const length = Buffer.alloc(4);
  length.writeUInt32BE(data.length);
  const sum = Buffer.alloc(4);
  sum.writeUInt32BE(crc32(body));
  return Buffer.concat([length, body, sum]);
}
