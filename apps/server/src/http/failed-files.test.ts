import { afterEach, expect, test } from "vitest";
import { AppError } from "../errors.ts";
import { TestClient } from "../testing/test-client.ts";
import { startTestServer, type TestServer } from "../testing/test-server.ts";

let server: TestServer;
afterEach(() => server.cleanup());

const picture = Buffer.from(
  "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==",
  "base64",
);

test("what is refused in place of a file is kept by no cache, and is no version of the file", async () => {
  let isDown = false;
  server = await startTestServer(
    {},
    {
      storage: (storage) => ({
        ...storage,
        read: (key, range) =>
          isDown ? Promise.reject(new AppError("unavailable", "The storage is down.")) : storage.read(key, range),
      }),
    },
  );
  const ann = await TestClient.register(server.url, "ann");
  const authorization = `Bearer ${ann.token}`;
  const headers = { authorization, "content-type": "image/png" };
  const put = await fetch(`${server.url}/api/auth/me/picture`, { method: "PUT", headers, body: picture });
  const { avatar_url: face } = (await put.json()) as { avatar_url: string };
  const { id } = (await ann.upload(Buffer.from("file"), "a.txt")).body;
  for (const path of [new URL(face, server.url).pathname, `/api/attachments/${id}`]) {
    isDown = false;
    const given = await fetch(server.url + path, { headers: { authorization } });
    expect(given.status).toBe(200);
    isDown = true;
    for (const range of [{}, { range: "bytes=0-1" }]) {
      const refused = await fetch(server.url + path, { headers: { authorization, ...range } });
      expect(refused.status).toBe(503);
      expect(refused.headers.get("cache-control")).toBe("no-store");
      for (const name of ["etag", "content-disposition", "content-range"])
        expect(refused.headers.get(name), name).toBeNull();
      expect(await refused.json()).toMatchObject({ error: { code: "unavailable" } });
    }
  }
  expect((await fetch(`${server.url}/nothing.js`)).headers.get("cache-control")).toBe("no-store");
});
