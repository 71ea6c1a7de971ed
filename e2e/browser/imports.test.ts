import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { mkdir, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { jsonFile, jsonMessage } from "../../apps/server/src/admin/discord/testing/write-export.ts";
import { claimInstance } from "../harness/actions/accounts.ts";
import { message } from "../harness/actions/messages.ts";
import { drawnPicture } from "../harness/actions/pictures.ts";
import { expectScreenAccessible, screenVariants } from "../harness/checks/screens.ts";
import { openChannel } from "../harness/community.ts";
import { openWorld } from "../harness/world.ts";

const world = openWorld();
const [onDesktop, onPhone] = screenVariants;
let folder: string;

beforeAll(() => {
  folder = join(mkdtempSync(join(tmpdir(), "miscord-moving-")), "Old home");
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** A small export with a file, an emoji and something that has no place. */
async function writeSmallExport(picture: Buffer): Promise<void> {
  const media = "general.json_Files";
  await mkdir(join(folder, media), { recursive: true });
  await writeFile(join(folder, media, "wave.png"), picture);
  await writeFile(join(folder, media, "notes.txt"), "the notes");
  const wave = { id: "7001", name: "wave", code: "wave", isAnimated: false, imageUrl: `${media}/wave.png` };
  const messages = Array.from({ length: 120 }, (_, number) =>
    jsonMessage(String(1_000 + number), { content: `line ${number}` }),
  );
  const last = jsonMessage("5000", {
    content: "bye <:wave:7001>",
    inlineEmojis: [wave],
    attachments: [
      { id: "1", url: `${media}/notes.txt`, fileName: "notes.txt" },
      { id: "2", url: "https://cdn.example/gone.png", fileName: "gone.png" },
    ],
  });
  const vera = { id: "3002", name: "vera.old", nickname: "Vera" };
  const other = jsonMessage("6000", { content: "hello from afar", author: vera });
  await writeFile(join(folder, "general.json"), JSON.stringify(jsonFile({}, [...messages, last, other])));
}

test("an administrator imports an export, and a member reads it on a phone, gets what he wrote in it, and asks for what else is his", async () => {
  const [olga, boris] = await Promise.all([world.person("Olga", onDesktop), world.person("Boris", onPhone)]);
  const { t, page } = olga;
  await claimInstance(olga, world.server.output());
  await writeSmallExport((await drawnPicture(olga, "wave.png", "#e0a030")).buffer);
  await olga.open("/instance#import");
  await olga.button(t("instance:first.dismiss")).click();
  await olga.button(t("imports:chooseFolder")).waitFor();
  await expectScreenAccessible(olga, onDesktop!, "import, empty");
  await page.locator("input[webkitdirectory]").setInputFiles(folder);
  const name = olga.field(t("imports:name"));
  await name.waitFor();
  await page.getByText(t("imports:lost.noMedia")).waitFor();
  await expectScreenAccessible(olga, onDesktop!, "import, preview");
  await name.fill("New home");
  await olga.button(t("imports:start")).click();
  const report = page.getByRole("region", { name: t("imports:report") });
  await olga.button(t("imports:download"), report).waitFor();
  // It is there once the server has told of it.
  await page.getByRole("link", { name: t("imports:open") }).waitFor();
  await expectScreenAccessible(olga, onDesktop!, "import, done");
  const downloading = page.waitForEvent("download");
  await olga.button(t("imports:download"), report).click();
  const text = readFileSync(await (await downloading).path(), "utf8");
  expect(text).toContain("gone.png");
  await page.getByRole("link", { name: t("imports:open") }).click();
  await message(olga, "bye").getByRole("img", { name: ":wave:" }).waitFor();

  const server = (await olga.rest.listServers()).find((one) => one.name === "New home")!;
  const { code } = await olga.rest.createInvite(server.id);
  await boris.rest.joinInvite(code);
  await boris.open();
  await openChannel(boris, server);
  await message(boris, "bye").getByRole("img", { name: ":wave:" }).waitFor();
  await message(boris, "bye").getByText("notes.txt").waitFor();

  // What he wrote in Discord becomes his.
  await olga.open("/instance#import");
  const [inDiscord, here] = [olga.field(t("imports:claim.author")), olga.field(t("imports:claim.username"))];
  await inDiscord.fill("nobody");
  await here.fill(boris.username);
  await olga.button(t("imports:claim.submit")).click();
  await page.getByText(t("imports:claim.refused.no_author")).waitFor();
  await expectScreenAccessible(olga, onDesktop!, "import, claiming an author");
  await inDiscord.fill("person1");
  await here.press("Enter");
  const said = { author: "person1", username: boris.username, count: 121 };
  await page.getByText(t("imports:claim.done", said)).first().waitFor();
  await boris.open();
  await openChannel(boris, server);
  await boris.page.getByRole("article", { name: new RegExp(`^${boris.name},.*bye`) }).waitFor();

  // The other author is him too: he says so himself.
  await boris.button(boris.t("chat:message.profile", { author: "Vera" })).click();
  const card = boris.dialog();
  await expectScreenAccessible(boris, onPhone!, "an imported author");
  await boris.button(boris.t("tools:author.ask"), card).click();
  await boris.button(boris.t("tools:author.withdraw"), card).waitFor();
  await page.locator("[data-toasts]").getByText(t("imports:claims.news.asked")).waitFor();
  const request = page.getByRole("article", { name: boris.name });
  await request.getByText("vera.old").waitFor();
  await expectScreenAccessible(olga, onDesktop!, "import, people who say to be authors");
  const names = { name: boris.name, author: "Vera" };
  await olga.button(t("imports:claims.declineOf", names)).click();
  await request.waitFor({ state: "detached" });
  await boris.button(boris.t("tools:author.again"), card).click();
  await olga.button(t("imports:claims.acceptOf", names)).press("Enter");
  await page
    .getByText(t("imports:claim.done", { ...said, author: "Vera", count: 1 }))
    .first()
    .waitFor();
  await card.getByText(boris.t("tools:author.accepted", { date: "" }).split(" ").slice(0, 3).join(" ")).waitFor();
  await expectScreenAccessible(boris, onPhone!, "an imported author, given");
  await boris.page.keyboard.press("Escape");
  await boris.page.getByRole("article", { name: new RegExp(`^${boris.name},.*hello from afar`) }).waitFor();
});
