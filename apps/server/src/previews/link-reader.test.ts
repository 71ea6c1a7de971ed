import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { PublicPages } from "../outgoing/public-pages.ts";
import { TestSite } from "../testing/test-site.ts";
import type { LinkReader } from "../domain/ports.ts";
import { createLinkReader } from "./link-reader.ts";
import { HeadReader } from "./page-head.ts";

let site: TestSite;
let pages: PublicPages;
let reader: { read(address: string): ReturnType<LinkReader["read"]> };

beforeEach(async () => {
  site = await TestSite.start();
  pages = new PublicPages(site.rules, "Miscord/0 (test)");
  reader = freely(createLinkReader(pages));
});
afterEach(async () => {
  pages.close();
  await site.close();
});

const freely = (made: LinkReader) => ({ read: (address: string) => made.read(address, async () => true) });
const host = () => `site.example:${site.port}`;

test("a page's Open Graph words and picture, over those for search engines", async () => {
  site.file("/pictures/cat.png", "image/png", Buffer.from("bytes"));
  const address = site.page(
    "/page",
    `<title>Other</title><meta name="description" content="other"><meta property="og:title" content=" A &amp; B
      &#x202e;C "><meta property=og:description content='Words'><meta property="og:site_name" content="Cats">
      <meta property="og:image" content="pictures/cat.png">`,
  );
  const found = { title: "A & B C", description: "Words", site: `Cats · ${host()}`, picture: Buffer.from("bytes") };
  expect(await reader.read(address)).toEqual(found);
});

test.each([
  ["its title", "<title>Only a title</title>", { title: "Only a title", description: "" }],
  ["what Twitter's cards say", '<meta name="twitter:title" content="T">', { title: "T", description: "" }],
  ["the first of each", '<meta name="og:title" content="1"><meta name="og:title" content="2">', { title: "1" }],
  ["nothing of a script", '<title>T</title><script>"<meta name=og:title content=S>"</script>', { title: "T" }],
])("without more, a page shows %s", async (_what, head, expected) => {
  expect(await reader.read(site.page("/", head))).toMatchObject({ ...expected, site: host(), picture: null });
});

test("texts are on one line and cut between characters", async () => {
  const flag = "🏴‍☠️";
  const head = `<title>${"a".repeat(254)}${flag}${flag}</title><meta name="description" content="${"b ".repeat(5_000)}">`;
  const { title, description } = (await reader.read(site.page("/", head)))!;
  expect(title).toBe(`${"a".repeat(254)}…`);
  expect([description.length <= 350, description.endsWith("b…")]).toEqual([true, true]);
});

test("texts have nothing invisible and no towers of marks, and a host is cut at its beginning", async () => {
  const head = `<title>\u200b\u2060\u00ad</title><meta name="description" content="a\u202e\u200b${"\u0301".repeat(50)}b">`;
  const labels = `${"a".repeat(60)}.`.repeat(4);
  const address = site.page("/", head);
  const facts = (await reader.read(address.replace("site.example", `${labels}example`)))!;
  expect(facts).toMatchObject({ title: "", description: expect.stringMatching(/^\P{M}\p{M}{0,4}b$/u) });
  expect([facts.site.length < 256, facts.site.endsWith(`.example:${site.port}`)]).toEqual([true, true]);
});

test("a picture whose host may not be called is left out", async () => {
  site.file("/cat.png", "image/png", Buffer.from("bytes"));
  const address = site.page(
    "/",
    `<title>T</title><meta property="og:image" content="${site.url("/cat.png", "b.example")}">`,
  );
  const made = createLinkReader(pages);
  expect(await made.read(address, async (name) => name === "site.example")).toMatchObject({
    title: "T",
    picture: null,
  });
  expect(await made.read(address, async () => false)).toBeNull();
  expect(site.asked).toEqual(["/"]);
});

test.each([
  ["windows-1251", "text/html; charset=windows-1251", ""],
  ["windows-1251", "text/html", '<meta charset="windows-1251">'],
  ["windows-1251", "text/html", '<meta http-equiv="content-type" content="text/html; charset=windows-1251">'],
  ["utf-8", "text/html", ""],
  ["utf-8", "text/html; charset=nonsense", ""],
])("a page in %s (%s, %s) is read in it", async (charset, type, meta) => {
  const word = charset === "utf-8" ? Buffer.from("Привет") : Buffer.from([0xcf, 0xf0, 0xe8, 0xe2, 0xe5, 0xf2]);
  const page = Buffer.concat([Buffer.from(`<html><head>${meta}<title>`), word, Buffer.from("</title></head>")]);
  expect(await reader.read(site.file("/", type, page))).toMatchObject({ title: "Привет" });
});

test("an address of a picture is the picture", async () => {
  const bytes = Buffer.from("bytes");
  const found = { title: "", description: "", site: host(), picture: bytes };
  expect(await reader.read(site.file("/cat.png", "image/png", bytes))).toEqual(found);
});

describe("the picture of a page", () => {
  const page = (picture: string) => site.page("/", `<title>T</title><meta property="og:image" content="${picture}">`);

  test("is not read from inside, also by a redirect", async () => {
    site.redirect("/out", site.url("/secret", "127.0.0.2"));
    for (const picture of [site.url("/secret", "127.0.0.2"), "/out", "file:///etc/passwd", "data:image/png;base64,AA"])
      expect(await reader.read(page(picture)), picture).toMatchObject({ title: "T", picture: null });
    expect(site.askedInside).toEqual([]);
  });

  test("is left out when it is too long, of another type or does not come", async () => {
    reader = freely(createLinkReader(pages, 400));
    site.file("/large", "image/png", Buffer.alloc(4_194_305));
    site.page("/text", "");
    site.pages.set("/slow", () => {});
    for (const picture of ["/large", "/text", "/slow", "/missing"])
      expect(await reader.read(page(picture)), picture).toMatchObject({ title: "T", picture: null });
  });
});

test("what cannot be read, or says nothing, is null", async () => {
  site.page("/empty", "");
  site.file("/pdf", "application/pdf", Buffer.from("x"));
  for (const address of [
    site.url("/empty"),
    site.url("/pdf"),
    site.url("/x"),
    site.url("/", "127.0.0.2"),
    "ftp://a/",
    "",
  ])
    expect(await reader.read(address), address).toBeNull();
  expect(site.askedInside).toEqual([]);
});

test("a page that is longer than may be shows what its beginning says", async () => {
  const page = `<title>T</title>${"<p>text</p>".repeat(100_000)}<meta property="og:title" content="late">`;
  expect(await reader.read(site.file("/", "text/html", Buffer.from(page)))).toMatchObject({ title: "T" });
});

describe("half a megabyte of one thing", () => {
  const length = 524_288;
  test.each([
    "<",
    "<a>",
    "<a></b>",
    "<a><b></c>",
    "<meta a=1 ",
    "&amp;",
    "<!--",
    "<![CDATA[",
    "<a b='",
    "<title>",
    "</a",
    "<?",
  ])("of %s is read in a time that grows with its length", (part) => {
    const spent = (size: number) => {
      const text = part.repeat(Math.ceil(size / part.length));
      const head = new HeadReader();
      const start = process.cpuUsage();
      for (let from = 0; from < text.length; from += 16_384) head.write(text.slice(from, from + 16_384));
      const { user, system } = process.cpuUsage(start);
      return (user + system) / 1_000;
    };
    spent(length);
    // A quadratic parser takes minutes.
    expect(spent(length)).toBeLessThan(1_000);
  });
});
