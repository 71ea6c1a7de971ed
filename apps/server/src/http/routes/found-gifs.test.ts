import { gzipSync } from "node:zlib";
import type { Attachment, FavouriteGif, FoundGifs, Instance, Message } from "@miscord/protocol";
import { pino } from "pino";
import { afterEach, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { framesOf, movingGif } from "../../testing/moving-picture.ts";
import { TestClient } from "../../testing/test-client.ts";
import { startTestServer, type TestServer } from "../../testing/test-server.ts";
import { TestSite } from "../../testing/test-site.ts";

const key = "sesame-open";
let site: TestSite;
let server: TestServer;
let lines: string[];
let anna: TestClient;
let gif: Buffer;

beforeAll(async () => {
  gif = await movingGif();
});

/** A server whose provider is this site. */
async function start(kind: "giphy" | "klipy"): Promise<void> {
  site = await TestSite.start();
  lines = [];
  const logger = pino({ level: "debug" }, { write: (line: string) => void lines.push(line) });
  const url = site.url("/api", "gifs.example");
  server = await startTestServer({ gifProvider: { kind, url }, gifApiKey: key }, { pages: site.rules, logger });
  anna = await TestClient.register(server.url, "anna");
  for (const name of ["small", "still", "whole"]) site.file(`/${name}.gif`, "image/gif", gif);
}
afterEach(async () => {
  await server.cleanup();
  await site.close();
});

const media = (name: string) => site.url(name, "media.example");
const answering = (path: string, body: unknown) =>
  site.file(`/api${path}`, "application/json; charset=utf-8", Buffer.from(JSON.stringify(body)));
const search = (body: object = {}, client = anna) => client.request<FoundGifs>("POST", "/api/gifs/search", { body });

const onGiphy = (id: string, images = {}) => ({
  id,
  title: `Cat ${id} \u202e`,
  images: {
    fixed_width: { width: "200", height: "133", url: media("/small.gif") },
    fixed_width_still: { url: media("/still.gif") },
    downsized_medium: { url: media("/whole.gif") },
    ...images,
  },
});
const giphyPage = (gifs: unknown[], total = gifs.length, offset = 0) => ({
  data: gifs,
  pagination: { offset, count: gifs.length, total_count: total },
});

/** A picture of the server, with the cookie or the token of the client. */
async function picture(path: string, client: TestClient | null = anna) {
  const headers = client ? { authorization: `Bearer ${client.token}` } : {};
  const answer = await fetch(server.url + path, { headers });
  return { answer, bytes: Buffer.from(await answer.arrayBuffer()) };
}

describe("GIFs of GIPHY", () => {
  beforeEach(() => start("giphy"));

  test("are searched by the server alone, shown through it, and sent and kept as copies that name it", async () => {
    answering("/search", giphyPage([onGiphy("a1"), onGiphy("b2")], 40));
    expect((await anna.get<Instance>("/api/instance")).gif_provider).toBe("GIPHY");
    const { body: page } = await search({ query: "  Funny   CATS ", locale: "ru" });
    const asked = new URL(site.asked[0]!, "http://x").searchParams;
    expect(Object.fromEntries(asked)).toEqual({
      api_key: key,
      q: "funny cats",
      lang: "ru",
      rating: "pg-13",
      limit: "24",
      offset: "0",
    });
    expect(page.next).toBe("2");
    const [first] = page.gifs;
    expect(first).toMatchObject({ source: "giphy:a1", width: 200, height: 133, title: "Cat a1" });
    expect(JSON.stringify(page)).not.toMatch(/media\.example|sesame/);

    const small = await picture(first!.url);
    expect(small.answer.headers.get("content-type")).toBe("image/gif");
    expect(small.answer.headers.get("content-security-policy")).toContain("sandbox");
    expect(small.bytes).toEqual(gif);
    expect(await framesOf((await picture(`${first!.url}?still`)).bytes)).toMatchObject({ frames: 1 });
    expect(site.asked.slice(1)).toEqual(["/small.gif", "/still.gif"]);
    expect((await picture(first!.url, null)).answer.status).toBe(401);

    const { body: file } = await anna.request<Attachment>("POST", "/api/gifs/upload", {
      body: { found: first!.found },
    });
    expect(file).toMatchObject({
      filename: "Cat a1.webp",
      content_type: "image/webp",
      animated: true,
      credit: "GIPHY",
    });
    const home = await anna.createServer();
    const sent = await anna.send(home.channels[0]!.id, "", { attachments: [file.id] });
    expect(sent.attachments).toEqual([file]);
    const { body: kept } = await anna.request<FavouriteGif>("POST", "/api/me/gifs", { body: { found: first!.found } });
    expect(kept).toMatchObject({ source: "giphy:a1", title: "Cat a1", credit: "GIPHY" });
    expect(await framesOf((await picture(kept.url)).bytes)).toMatchObject({ frames: 3 });
    const forwarded = await anna.post<Message>(`/api/messages/${sent.id}/forward`, {
      channel_id: home.channels[0]!.id,
    });
    expect(forwarded.attachments[0]).toMatchObject({ credit: "GIPHY" });
    expect(lines.join("")).not.toMatch(/funny|sesame/i);
    expect(lines.join("")).toContain("/api/gifs/search");
  });

  test("are asked for once by all who want the same, and what is popular without words", async () => {
    answering("/search", giphyPage([onGiphy("a")]));
    answering("/trending", giphyPage([onGiphy("t")]));
    const boris = await TestClient.register(server.url, "boris");
    const [one, other] = await Promise.all([search({ query: "cat" }), search({ query: "Cat " }, boris)]);
    expect(one.body).toEqual(other.body);
    expect((await search()).body.gifs[0]!.source).toBe("giphy:t");
    expect(site.asked.map((path) => path.split("?")[0])).toEqual(["/api/search", "/api/trending"]);
    expect((await search({ query: "x".repeat(101) })).code).toBe("invalid_request");
    expect((await search({ next: "" })).code).toBe("invalid_request");
  });

  test("end where the service says, and what it lacks an address for is left out", async () => {
    const odd = [{ id: "x" }, onGiphy("no", { fixed_width: { width: "0", height: "1" } }), null, onGiphy("ok")];
    answering("/search", giphyPage(odd, 28, 24));
    const { body } = await search({ query: "cat", next: "24" });
    expect([body.gifs.map(({ source }) => source), body.next]).toEqual([["giphy:ok"], null]);
    expect(new URL(site.asked[0]!, "http://x").searchParams.get("offset")).toBe("24");
  });

  test("a person searches only so often", async () => {
    answering("/search", giphyPage([]));
    const codes: (string | undefined)[] = [];
    for (let at = 0; at < 40; at += 1) codes.push((await search({ query: `cat ${at}` })).code);
    expect([codes[0], codes.at(-1)]).toEqual([undefined, "rate_limited"]);
  });

  test.each<[string, () => void]>([
    ["is not there", () => site.pages.clear()],
    ["has another form", () => answering("/search", { results: [] })],
    ["is no JSON", () => site.file("/api/search", "application/json", Buffer.from("<html>"))],
    ["has another type", () => site.file("/api/search", "text/html", Buffer.from("{}"))],
    ["is huge", () => site.file("/api/search", "application/json", Buffer.alloc(3_000_000, 0x20))],
    [
      "is a bomb",
      () =>
        site.pages.set("/api/search", (_request, response) =>
          response
            .writeHead(200, { "content-type": "application/json", "content-encoding": "gzip" })
            .end(gzipSync(Buffer.alloc(50_000_000, 0x20))),
        ),
    ],
    ["leads inside", () => site.redirect("/api/search", site.url("/secret", "127.0.0.2"))],
    ["leads round and round", () => site.redirect("/api/search", site.url("/api/search"))],
  ])("an answer that %s is no answer, and the key stays here", async (_what, prepare) => {
    prepare();
    const answer = await search({ query: "cat" });
    expect(answer).toMatchObject({ status: 503, code: "unavailable" });
    expect(JSON.stringify(answer.body)).not.toContain(key);
    expect(lines.join("")).toContain("a call to the GIF provider failed");
    expect(lines.join("")).not.toContain(key);
    expect(site.askedInside).toEqual([]);
  });

  test("pictures that lie inside, lead there, are none or too large are not fetched, sent or kept", async () => {
    site.redirect("/out.gif", site.url("/secret.gif", "127.0.0.2"));
    site.file("/page.gif", "text/html", Buffer.from("<script>"));
    site.file("/script.gif", "image/gif", Buffer.from("<script>alert(1)</script>"));
    site.file("/svg.gif", "image/svg+xml", Buffer.from('<svg xmlns="http://www.w3.org/2000/svg"/>'));
    site.file("/huge.gif", "image/gif", Buffer.concat([gif, Buffer.alloc(9_000_000)]));
    const inside = site.url("/secret.gif", "127.0.0.2");
    const mapped = site.url("/secret.gif", "[::ffff:127.0.0.2]");
    const bad = [
      inside,
      mapped,
      "file:///etc/passwd",
      ...["out", "page", "script", "svg", "huge"].map((name) => media(`/${name}.gif`)),
    ];
    const page = bad.map((url, at) =>
      onGiphy(`bad${at}`, { fixed_width: { width: "1", height: "1", url }, downsized_medium: { url } }),
    );
    answering("/search", giphyPage(page));
    const { body } = await search({ query: "cat" });
    expect(body.gifs.length).toBe(bad.length);
    for (const [at, { url, found }] of body.gifs.entries()) {
      expect((await picture(url)).answer.status, bad[at]).toBeGreaterThanOrEqual(400);
      for (const path of ["/api/gifs/upload", "/api/me/gifs"]) {
        const { status } = await anna.request("POST", path, { body: { found } });
        expect(status, `${path} ${bad[at]}`).toBeGreaterThanOrEqual(400);
      }
    }
    expect(site.askedInside).toEqual([]);
    expect(await anna.get("/api/me/gifs")).toEqual({ gifs: [] });
  });

  test("nothing is fetched for a text that this server has not sealed for this", async () => {
    answering("/search", giphyPage([onGiphy("a")]));
    const [first] = (await search({ query: "cat" })).body.gifs;
    const seal = first!.url.slice("/api/gifs/".length);
    const asked = site.asked.length;
    const changed = `${seal.slice(0, -3)}${seal.endsWith("AAA") ? "BBB" : "AAA"}`;
    for (const text of ["x", "x".repeat(1_400), changed, first!.found, "%00"]) {
      expect((await picture(`/api/gifs/${text}`)).answer.status, text).toBeOneOf([400, 404, 414]);
    }
    for (const found of ["x", changed, seal]) {
      for (const path of ["/api/gifs/upload", "/api/me/gifs"]) {
        expect((await anna.request("POST", path, { body: { found } })).code).toBe("not_found");
      }
    }
    expect(site.asked.length).toBe(asked);
  });
});

describe("GIFs of KLIPY, by the API that was Tenor's", () => {
  beforeEach(() => start("klipy"));

  test("are found, with the filter on, and sent", async () => {
    const format = (name: string) => ({ url: media(`/${name}.gif`), dims: [220, 147], size: 1 });
    const one = {
      id: "77",
      title: "",
      content_description: "A cat that dances",
      media_formats: { tinygif: format("small"), tinygifpreview: format("still"), mediumgif: format("whole") },
    };
    answering("/search", { results: [one, { id: "78", media_formats: {} }], next: "CAgQ" });
    answering("/featured", { results: [], next: "" });
    const { body } = await search({ query: "cat" });
    const asked = new URL(site.asked[0]!, "http://x").searchParams;
    expect(asked.get("contentfilter")).toBe("medium");
    expect([asked.get("key"), asked.get("q"), asked.get("locale")]).toEqual([key, "cat", "en_US"]);
    expect(body).toMatchObject({
      gifs: [{ source: "klipy:77", title: "A cat that dances", width: 220 }],
      next: "CAgQ",
    });
    const { found } = body.gifs[0]!;
    const { body: file } = await anna.request<Attachment>("POST", "/api/gifs/upload", { body: { found } });
    expect(file).toMatchObject({ filename: "A cat that dances.webp", credit: "KLIPY", animated: true });
    await search({ query: "cat", next: "CAgQ" });
    expect(new URL(site.asked.at(-1)!, "http://x").searchParams.get("pos")).toBe("CAgQ");
    expect((await search()).body).toEqual({ gifs: [], next: null });
  });
});
