import { afterAll, beforeAll, expect, test } from "vitest";
import type { Me } from "@miscord/protocol";
import { TestClient } from "../../testing/test-client.ts";
import { startTestServer, type TestServer } from "../../testing/test-server.ts";

const dot = Buffer.from("R0lGODlhAQABAIAAAAAAAP///ywAAAAAAQABAAACAUwAOw==", "base64");

/** Two frames of one pixel, repeated for ever. */
const animation = Buffer.from(
  "47494638396101000100800000000000ffffff21ff0b4e45545343415045322e300301000000" +
    "21f904000a0000002c00000000010001000002024c010021f904000a0000002c00000000010001000002024401003b",
  "hex",
);

let server: TestServer;
beforeAll(async () => void (server = await startTestServer()));
afterAll(() => server.cleanup());

async function put({ token }: TestClient, path: string, body: string | Buffer, type = "image/gif"): Promise<Response> {
  const headers = { authorization: `Bearer ${token}`, "content-type": type };
  return fetch(server.url + path, { method: "PUT", headers, body: body as BodyInit });
}
const codeOf = async (answer: Response) => ((await answer.json()) as { error: { code: string } }).error.code;
const own = "/api/auth/me/picture";

test("what is no picture is refused and leaves the former one", async () => {
  const ann = await TestClient.register(server.url, "ann");
  const { avatar_url } = (await (await put(ann, own, dot)).json()) as Me;
  expect(avatar_url).toMatch(/^\/api\/pictures\/[\w-]{24}$/);
  expect(await codeOf(await put(ann, own, "no picture", "image/png"))).toBe("invalid_request");
  expect(await codeOf(await put(ann, own, "<svg xmlns='http://www.w3.org/2000/svg'/>", "image/svg+xml"))).toBe(
    "invalid_request",
  );
  expect(await codeOf(await put(ann, own, dot, "text/plain"))).toBe("unsupported_media");
  expect(await ann.get<Me>("/api/auth/me")).toMatchObject({ avatar_url });
  expect((await fetch(server.url + avatar_url)).status).toBe(200);
});

test("an animation stays one, and a picture becomes a square of 256 pixels", async () => {
  const eve = await TestClient.register(server.url, "eve");
  const stored = async (bytes: Buffer) => {
    const { avatar_url } = (await (await put(eve, own, bytes)).json()) as Me;
    return Buffer.from(await (await fetch(server.url + avatar_url)).arrayBuffer());
  };
  const moving = await stored(animation);
  expect([moving.subarray(8, 16).toString(), moving.includes("ANMF")]).toEqual(["WEBPVP8X", true]);
  expect([moving.readUIntLE(24, 3) + 1, moving.readUIntLE(27, 3) + 1]).toEqual([256, 256]);
  expect((await stored(dot)).includes("ANMF")).toBe(false);
});

test("somebody who tries many pictures is slowed down", async () => {
  const bob = await TestClient.register(server.url, "bob");
  const answers = [];
  for (let count = 0; count < 11; count += 1) answers.push(await put(bob, own, "no picture"));
  expect(answers.map(({ status }) => status).slice(-2)).toEqual([400, 429]);
});

test("who is not in a server learns nothing of it", async () => {
  const carl = await TestClient.register(server.url, "carl");
  const dora = await TestClient.register(server.url, "dora");
  const home = await carl.createServer();
  for (const path of [`/api/servers/${home.id}/icon`, "/api/servers/999999/icon", "/api/dms/999999/icon"]) {
    expect(await codeOf(await put(dora, path, dot))).toBe("not_found");
    expect((await dora.request("DELETE", path)).code).toBe("not_found");
  }
});
