import { createHook } from "node:async_hooks";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { request } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { startTestServer, type TestServer } from "../testing/test-server.ts";

const script = "console.log('hello');".repeat(200);
let root: string;
let server: TestServer;

beforeAll(async () => {
  root = mkdtempSync(join(tmpdir(), "miscord-web-"));
  mkdirSync(join(root, "assets"));
  writeFileSync(join(root, "index.html"), `<!doctype html><title>Miscord</title>${" ".repeat(2_000)}`);
  writeFileSync(join(root, "sw.js"), "// worker");
  writeFileSync(join(root, "assets/main-abc123.js"), script);
  writeFileSync(join(root, "assets/bare-abc123.js"), script);
  writeFileSync(join(root, "assets/main-abc123.js.gz"), gzipSync(script));
  writeFileSync(join(root, "..", "miscord-outside.txt"), "outside");
  server = await startTestServer({}, { webRoot: root });
});
afterAll(async () => {
  await server.cleanup();
  rmSync(join(root, "..", "miscord-outside.txt"));
  rmSync(root, { recursive: true });
});

const get = (path: string, headers: Record<string, string> = {}) => fetch(server.url + path, { headers });

/** Sends the path as it is; `fetch` would normalize it. */
function rawStatus(path: string): Promise<number | undefined> {
  return new Promise((resolve, reject) => {
    request({ port: server.port, host: "127.0.0.1", path }, (answer) => {
      answer.resume();
      resolve(answer.statusCode);
    })
      .on("error", reject)
      .end();
  });
}

describe("the web client", () => {
  test.each(["/", "/login", "/channels/1/2/3", "/invite/abc?x=y"])("is served at %s", async (path) => {
    const answer = await get(path);
    expect(answer.status).toBe(200);
    expect(await answer.text()).toContain("<title>Miscord</title>");
    expect(answer.headers.get("cache-control")).toBe("no-cache");
  });

  test("has hashed files that are cached for a year and precompressed", async () => {
    const asset = await get("/assets/main-abc123.js", { "accept-encoding": "gzip" });
    expect(asset.headers.get("cache-control")).toBe("public, max-age=31536000, immutable");
    expect(asset.headers.get("content-encoding")).toBe("gzip");
    expect(await asset.text()).toBe(script);
    expect((await get("/sw.js")).headers.get("cache-control")).toBe("no-cache");
  });

  test("is compressed by the build alone, whatever encoding is asked for", async () => {
    for (const path of ["/assets/main-abc123.js", "/assets/bare-abc123.js", "/login"]) {
      for (const encoding of ["x-gzip", "*", "gzip", "deflate, x-gzip;q=0.5"]) {
        const answer = await get(path, { "accept-encoding": encoding });
        // What is compressed while it is sent has a length that nobody knows yet.
        expect(answer.headers.get("content-length"), `${path} ${encoding}`).not.toBeNull();
        expect(await answer.text()).toContain(path === "/login" ? "<title>" : script);
      }
    }
  });

  test("is not looked for on the disk, when it is not there, for each who asks", async () => {
    const ask = () => get("/assets/none.js", { "accept-encoding": "gzip, deflate, br" });
    expect((await ask()).status).toBe(404);
    let reads = 0;
    const hook = createHook({ init: (_id, type) => void (type.startsWith("FSREQ") && (reads += 1)) }).enable();
    for (let time = 0; time < 20; time += 1) expect((await ask()).status).toBe(404);
    hook.disable();
    expect(reads).toBeLessThan(20);
  });

  test("is served as it is now, when another build has taken its place", async () => {
    expect((await get("/assets/later-abc123.js")).status).toBe(404);
    writeFileSync(join(root, "assets/later-abc123.js"), script);
    await expect.poll(async () => (await get("/assets/later-abc123.js")).status, { timeout: 5_000 }).toBe(200);
    rmSync(join(root, "assets/later-abc123.js"));
    expect((await get("/assets/later-abc123.js")).status).toBe(404);
  });

  test("is not served for missing files and API routes", async () => {
    for (const path of ["/api/none", "/assets/none.js", "/favicon.ico", "/ws/main"]) {
      const answer = await get(path);
      expect(answer.status).toBe(404);
      expect(await answer.json()).toMatchObject({ error: { code: "not_found" } });
    }
  });

  test.each(["/../miscord-outside.txt", "/%2e%2e/miscord-outside.txt", "/assets/..%2f..%2fmiscord-outside.txt"])(
    "gives nothing from outside its folder for %s",
    async (path) => {
      expect(await rawStatus(path)).toBeGreaterThanOrEqual(400);
    },
  );

  test("is served with a policy that forbids inline scripts and framing", async () => {
    const { headers } = await get("/");
    const policy = Object.fromEntries(
      headers
        .get("content-security-policy")!
        .split(";")
        .map((directive) => [directive.trim().split(" ")[0], directive]),
    );
    expect(policy["default-src"]).toBe("default-src 'self'");
    expect(policy["script-src"]).not.toMatch(/unsafe-inline|unsafe-eval(?<!wasm-unsafe-eval)|https?:|data:|\*/);
    expect(policy["frame-ancestors"]).toContain("'none'");
    expect(headers.get("x-content-type-options")).toBe("nosniff");
    expect(headers.get("referrer-policy")).toBe("same-origin");
  });
});

describe("CORS", () => {
  const foreign = { origin: "https://other.example" };
  test("allows only listed origins to read responses", async () => {
    expect((await get("/api/instance", foreign)).headers.get("access-control-allow-origin")).toBeNull();
    const open = await startTestServer({ corsOrigins: ["https://other.example"] }, { webRoot: root });
    try {
      const answer = await fetch(`${open.url}/api/instance`, { headers: foreign });
      expect(answer.headers.get("access-control-allow-origin")).toBe("https://other.example");
      expect(answer.headers.get("access-control-allow-credentials")).toBe("true");
      const preflight = await fetch(`${open.url}/api/messages/1`, {
        method: "OPTIONS",
        headers: {
          ...foreign,
          "access-control-request-method": "PATCH",
          "access-control-request-headers": "authorization,content-type",
        },
      });
      expect(preflight.status).toBe(204);
      expect(preflight.headers.get("access-control-allow-methods")).toContain("PATCH");
    } finally {
      await open.cleanup();
    }
  });
});

test("a server without a built web client explains how to build it, and its API works", async () => {
  const bare = await startTestServer({}, { webRoot: join(root, "nothing") });
  try {
    const page = await fetch(bare.url);
    expect(page.status).toBe(503);
    expect(await page.text()).toContain("not built");
    expect((await fetch(`${bare.url}/api/instance`)).status).toBe(200);
  } finally {
    await bare.cleanup();
  }
});
