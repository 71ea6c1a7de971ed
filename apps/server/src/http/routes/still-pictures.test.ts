import sharp from "sharp";
import { afterAll, beforeAll, expect, test } from "vitest";
import { newHome, startForExpressions, uploadExpression, type ExpressionPeople } from "../../testing/expressions.ts";
import type { TestServer } from "../../testing/test-server.ts";

let server: TestServer;
let people: ExpressionPeople;
let picture: Buffer;

beforeAll(async () => {
  const { server: started, picture: drawn, ...known } = await startForExpressions(60);
  [server, picture, people] = [started, drawn, known];
});
afterAll(() => server.cleanup());

/** A square of the colour in the middle of nothing. */
const frame = (background: string) =>
  sharp({ create: { width: 20, height: 20, channels: 4, background } })
    .extend({ top: 30, bottom: 10, left: 30, right: 10, background: "#00000000" })
    .png()
    .toBuffer();

async function fetched(path: string): Promise<{ bytes: Buffer; answer: Response }> {
  const answer = await fetch(server.url + path);
  return { bytes: Buffer.from(await answer.arrayBuffer()), answer };
}

test("the still of an animation is its first frame in its place, and the animation stays what it is", async () => {
  const { home } = await newHome(people);
  const bytes = await sharp([await frame("#f00"), await frame("#00f")], { join: { animated: true } })
    .gif()
    .toBuffer();
  const path = `/api/servers/${home.id}/emojis`;
  const { made } = await uploadExpression(people.owner, path, { name: "dance", bytes, type: "image/gif" });
  const moving = await fetched(`/api/emojis/${made.id}`);
  const { bytes: still, answer } = await fetched(`/api/emojis/${made.id}?still`);
  expect((await sharp(moving.bytes, { animated: true }).metadata()).pages).toBe(2);
  const { pages = 1, width, height } = await sharp(still, { animated: true }).metadata();
  expect([pages, width, height]).toEqual([1, 60, 60]);
  expect(still.length).toBeLessThan(moving.bytes.length);
  expect(answer.url).toBe(`${moving.answer.url}?still`);
  expect(answer.headers.get("cache-control")).toContain("immutable");
  const { data, info } = await sharp(still).ensureAlpha().raw().toBuffer({ resolveWithObject: true });
  const at = (x: number, y: number) => [...data.subarray((y * info.width + x) * 4, (y * info.width + x) * 4 + 4)];
  expect(at(5, 5)[3]).toBe(0);
  const [red, , blue, alpha] = at(40, 40);
  expect([red! > 200, blue! < 60, alpha]).toEqual([true, true, 255]);
});

test("a picture that does not move is the same file, and one that is gone has no still", async () => {
  const { home } = await newHome(people);
  const path = `/api/servers/${home.id}/stickers`;
  const { made } = await uploadExpression(people.owner, path, { name: "Cat", bytes: picture });
  const { answer } = await fetched(`/api/stickers/${made.id}?still`);
  expect([answer.status, answer.url]).toEqual([200, (await fetched(`/api/stickers/${made.id}`)).answer.url]);
  await people.owner.delete(`${path}/${made.id}`);
  for (const gone of [`/api/stickers/${made.id}?still`, `${new URL(answer.url).pathname}?still`]) {
    expect((await fetched(gone)).answer.status).toBe(404);
  }
});
