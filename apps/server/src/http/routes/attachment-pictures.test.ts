import { monitorEventLoopDelay } from "node:perf_hooks";
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
  const delay = monitorEventLoopDelay({ resolution: 5 });
  const hostile = heif({
    properties: [Buffer.concat(Array.from({ length: 5_400 }, () => Buffer.concat([ispe(1, 1), clap(1, 1)])))],
  });
  expect(hostile.length).toBeGreaterThan(256 * 1024);
  await owner.upload(hostile, "warm-up.avif");
  delay.enable();
  for (let round = 0; round < 10; round += 1) {
    const { body } = await owner.upload(hostile, "slow.avif");
    expect(body.content_type).toBe("application/octet-stream");
  }
  delay.disable();
  expect(delay.max / 1e6).toBeLessThan(1_000);
});
