import type { Attachment } from "@miscord/protocol";
import { afterAll, beforeAll, expect, test } from "vitest";
import { clap, heif, ispe } from "../../domain/attachments/picture/testing/build-heif.ts";
import {
  jpeg,
  jpegExif,
  pixels,
  png,
  pngChunk,
  secret,
} from "../../domain/attachments/picture/testing/build-raster.ts";
import { longestTurnOf } from "../../testing/longest-turn.ts";
import { colourOf, framesOf, movingGif } from "../../testing/moving-picture.ts";
import { TestClient } from "../../testing/test-client.ts";
import { startTestServer, type TestServer } from "../../testing/test-server.ts";

let server: TestServer;
let owner: TestClient;

beforeAll(async () => {
  server = await startTestServer();
  owner = await TestClient.register(server.url, "owner");
});
afterAll(() => server.cleanup());

async function uploaded(bytes: BlobPart, name: string, type?: string): Promise<Attachment> {
  const answer = await owner.upload(bytes, name, type);
  expect(answer.status).toBe(201);
  return answer.body;
}

test("an uploaded photo keeps its pixels and loses its metadata before anybody can read it", async () => {
  const photo = jpeg({ before: [jpegExif(6)] });
  const file = await uploaded(photo, "photo.jpg", "image/jpeg");
  expect(file).toMatchObject({ content_type: "image/jpeg", width: 30, height: 40 });
  const response = await fetch(server.url + file.file_url, { headers: { authorization: `Bearer ${owner.token}` } });
  const stored = Buffer.from(await response.arrayBuffer());
  expect(stored.includes(pixels)).toBe(true);
  expect(stored.includes(secret)).toBe(false);
  expect(file.size).toBe(stored.length);
  expect(stored.length).toBeLessThan(photo.length);
  await owner.delete(`/api/attachments/${file.id}`);
});

test("an animated PNG is shown, one with too many pixels is a download", async () => {
  const animated = png({ before: [pngChunk("acTL", Buffer.alloc(8))] });
  const shown = await uploaded(animated, "a.png", "image/png");
  expect(shown).toMatchObject({ content_type: "image/apng", width: 40, height: 30 });
  const large = await uploaded(png({ width: 20_000, height: 20_000 }), "b.png", "image/png");
  expect(large.content_type).toBe("application/octet-stream");
  expect(large).not.toHaveProperty("width");
  const dispositions = [shown, large].map(async ({ file_url }) =>
    (await owner.request("GET", file_url)).headers.get("content-disposition"),
  );
  expect(await Promise.all(dispositions)).toEqual([
    expect.stringMatching(/^inline/),
    expect.stringMatching(/^attachment/),
  ]);
  for (const { id } of [shown, large]) await owner.delete(`/api/attachments/${id}`);
});

test("a picture made to be slow to read does not hold up the event loop", async () => {
  const hostile = heif({
    properties: [Buffer.concat(Array.from({ length: 5_400 }, () => Buffer.concat([ispe(1, 1), clap(1, 1)])))],
  });
  expect(hostile.length).toBeGreaterThan(256 * 1024);
  await owner.upload(hostile, "warm-up.avif");
  const uploads = async () => {
    for (let round = 0; round < 10; round += 1) {
      const { body } = await owner.upload(hostile, "slow.avif");
      expect(body.content_type).toBe("application/octet-stream");
    }
  };
  expect(await longestTurnOf(uploads())).toBeLessThan(1_000);
});

test("the first frame of an uploaded animation is a file of its own, and that of one made to be slow to read is the whole", async () => {
  const moving = await uploaded(new Uint8Array(await movingGif()), "moving.gif", "image/gif");
  const get = async ({ file_url }: Attachment, method = "GET") => {
    const headers = { authorization: `Bearer ${owner.token}` };
    const answer = await fetch(`${server.url}${file_url}?still`, { method, headers });
    return { length: Number(answer.headers.get("content-length")), bytes: Buffer.from(await answer.arrayBuffer()) };
  };
  const still = await get(moving);
  expect([await framesOf(still.bytes), await colourOf(still.bytes)]).toEqual([
    { frames: 1, width: 60, height: 40 },
    "f00",
  ]);
  expect([still.length, (await get(moving, "HEAD")).length]).toEqual([still.bytes.length, still.bytes.length]);

  const blocks = Buffer.alloc(4_000_000, "01ff", "hex");
  const frame = Buffer.concat([Buffer.from("2c0000000001000100000002", "hex"), blocks, Buffer.alloc(1)]);
  const head = Buffer.from("47494638396101000100000000", "hex");
  const slow = await uploaded(Buffer.concat([head, frame, frame, Buffer.from(";")]), "slow.gif", "image/gif");
  expect(slow.content_type).toBe("image/gif");
  await get(slow);
  const before = process.threadCpuUsage();
  for (let time = 0; time < 5; time += 1) expect((await get(slow, "HEAD")).length).toBe(slow.size);
  const { user, system } = process.threadCpuUsage(before);
  // They took 30 ms each, and eight megabytes of memory.
  expect((user + system) / 1_000).toBeLessThan(75);
});
