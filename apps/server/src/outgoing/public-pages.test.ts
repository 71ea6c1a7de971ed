import { randomBytes } from "node:crypto";
import { once } from "node:events";
import type { ServerResponse } from "node:http";
import { createServer } from "node:https";
import type { AddressInfo } from "node:net";
import { brotliCompressSync, gzipSync } from "node:zlib";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { costlyCertificates } from "../testing/costly-certificates.ts";
import { TestSite } from "../testing/test-site.ts";
import { PublicPages } from "./public-pages.ts";
import { publicAddresses } from "./address-rules.ts";

const maxBytes = { "text/html": 524_288, "image/": 4_194_304 };
const html = { "content-type": "text/html" };

let site: TestSite;
let pages: PublicPages;
let called: string[];
let mayCall = (_host: string): boolean => true;

beforeEach(async () => {
  site = await TestSite.start();
  pages = new PublicPages(site.rules, "Miscord/0 (test)");
  called = [];
  mayCall = () => true;
});
afterEach(async () => {
  pages.close();
  await site.close();
});

/** Length of what is read of the page. */
async function read(address: string, timeoutMs = 5_000): Promise<{ bytes: number; isCut: boolean }> {
  const page = await pages.open(address, {
    maxBytes,
    mayCall: async (host) => called.push(host) > 0 && mayCall(host),
    signal: AbortSignal.timeout(timeoutMs),
  });
  let bytes = 0;
  for await (const chunk of page.body) bytes += chunk.byteLength;
  return { bytes, isCut: page.isCut() };
}

function answer(path: string, respond: (response: ServerResponse) => void): string {
  site.pages.set(path, (_request, response) => respond(response));
  return site.url(path);
}

test("a page is read, over redirects, with the server's own name and nothing else", async () => {
  let headers: unknown;
  site.redirect("/from", "/to");
  site.pages.set("/to", (request, response) => {
    headers = request.headers;
    response.writeHead(200, html).end("page");
  });
  expect(await read(`${site.url("/from")}#part`)).toEqual({ bytes: 4, isCut: false });
  expect(headers).toEqual({
    accept: "text/html, image/*",
    "accept-encoding": "gzip, br",
    connection: "close",
    host: `site.example:${site.port}`,
    "user-agent": "Miscord/0 (test)",
  });
});

test("each host on the way is asked for, by one name, and not called without leave", async () => {
  site.redirect("/from", site.url("/to", "TARGET.example."));
  site.page("/to", "");
  await read(site.url("/from"));
  expect(called).toEqual(["site.example", "target.example"]);
  mayCall = (host) => host !== "target.example";
  await expect(read(site.url("/from"))).rejects.toThrow("called too often");
  expect(site.asked).toEqual(["/from", "/to", "/from"]);
});

describe("an address inside is not called", () => {
  const inside = [
    "127.0.0.2",
    "127.2",
    "2130706434",
    "0x7f000002",
    "017700000002",
    "localhost.",
    "[::1]",
    "[::]",
    "0.0.0.0",
    "10.0.0.1",
    "172.16.0.1",
    "192.168.0.1",
    "169.254.169.254",
    "100.64.0.1",
    "198.18.0.1",
    "224.0.0.1",
    "[::ffff:127.0.0.2]",
    "[::127.0.0.2]",
    "[64:ff9b::7f00:2]",
    "[64:ff9b:1::7f00:2]",
    "[2002:7f00:2::]",
    "[2001:0:7f00:2::]",
    "[fe80::1]",
    "[fc00::1]",
    "[fd00:ec2::254]",
    "[ff02::1]",
    "[2001:db8::1]",
    "[fec0::1]",
  ];

  test.each(inside)("%s, directly and after a redirect", async (host) => {
    site.resolve = (name) => (name.startsWith("localhost") ? ["127.0.0.2"] : ["127.0.0.1"]);
    await expect(read(site.url("/", host))).rejects.toThrow("not an address in the public internet");
    const redirected = site.redirect("/out", site.url("/", host));
    await expect(read(redirected)).rejects.toThrow("not an address in the public internet");
    expect(site.askedInside).toEqual([]);
  });

  test("a name that leads inside from the second time on", async () => {
    const addresses = ["127.0.0.1", "127.0.0.2", "127.0.0.2"];
    site.resolve = () => [addresses.shift()!];
    await expect(read(site.redirect("/again", site.url("/secret")))).rejects.toThrow("not an address");
    // One for each connection: nothing is resolved for a check and again for its use.
    expect(addresses).toHaveLength(1);
    expect([site.asked, site.askedInside]).toEqual([["/again"], []]);
  });

  test("a name with addresses of both kinds is called at the permitted one", async () => {
    site.resolve = () => ["127.0.0.2", "::ffff:127.0.0.2", "127.0.0.1"];
    await read(site.page("/", ""));
    expect([site.asked, site.askedInside]).toEqual([["/"], []]);
  });

  test("another protocol, port or a password, directly and after a redirect", async () => {
    pages = new PublicPages({ ...site.rules, isPermittedPort: (port) => port === String(site.port) }, "test");
    const refused = /not an http address|password|not the port/;
    const others = ["file:///etc/passwd", "ftp://site.example/", "data:text/html,x", "javascript:1", "gopher://a/"];
    for (const address of [...others, "http://a:b@site.example/", "http://site.example:22/", "http://"]) {
      await expect(read(address), address).rejects.toThrow(refused);
      await expect(read(site.redirect("/out", address)), address).rejects.toThrow(refused);
    }
    expect(site.askedInside).toEqual([]);
    expect(["", "22", "8080"].filter((port) => publicAddresses.isPermittedPort(port))).toEqual([""]);
  });
});

describe("an answer that never ends is left", () => {
  test("redirects to each other", async () => {
    site.redirect("/a", "/b");
    site.redirect("/b", "/a");
    await expect(read(site.url("/a"))).rejects.toThrow("too many redirects");
    expect(site.asked).toEqual(["/a", "/b", "/a", "/b"]);
  });

  test("no head, a head that goes on, and a body that trickles, once the time is over", async () => {
    const intervals: NodeJS.Timeout[] = [];
    const again = (work: () => void) => intervals.push(setInterval(work, 5));
    const silent = answer("/silent", () => {});
    const hints = answer("/hints", (response) => void again(() => response.writeEarlyHints({ link: "</a>" })));
    const trickle = answer("/trickle", (response) => {
      response.writeHead(200, html);
      again(() => response.write("x"));
    });
    const packed = answer("/packed", (response) => {
      response.writeHead(200, { ...html, "content-encoding": "gzip" });
      const bytes = gzipSync(randomBytes(10_000));
      let sent = 0;
      again(() => response.write(bytes.subarray(sent, (sent += 10))));
    });
    const reads = [silent, hints, trickle, packed].map((address) => read(address, 200));
    for (const result of await Promise.allSettled(reads)) expect(result.status).toBe("rejected");
    for (const interval of intervals) clearInterval(interval);
  });

  test("a body without an end, after the most bytes", async () => {
    let isClosed = false;
    const address = answer("/endless", (response) => {
      response.writeHead(200, html);
      const more = () => {
        while (response.write(Buffer.alloc(65_536, "x"))) continue;
      };
      response.on("drain", more).on("close", () => (isClosed = true));
      more();
    });
    expect(await read(address)).toEqual({ bytes: 524_288, isCut: true });
    await expect.poll(() => isClosed).toBe(true);
  });
});

test("a site that agrees on a key only with numbers of its own choice is left", async () => {
  const ciphers = "DHE-RSA-AES128-GCM-SHA256";
  const settings = { ...costlyCertificates(), ciphers, maxVersion: "TLSv1.2", dhparam: "auto" } as const;
  const server = createServer(settings, (_request, response) => response.end());
  await once(server.listen(0, "127.0.0.1"), "listening");
  const { port } = server.address() as AddressInfo;
  pages.close();
  pages = new PublicPages({ ...site.rules, isPermittedPort: () => true }, "Miscord/0 (test)");
  await expect(read(`https://site.example:${port}/`)).rejects.toThrow("handshake failure");
  server.close();
});

test("of a name with thousands of addresses a few are looked at", async () => {
  let looked = 0;
  const rules = { ...site.rules, isPermitted: (address: string) => ((looked += 1), site.rules.isPermitted(address)) };
  site.resolve = () => ["127.0.0.1", ...Array.from({ length: 4_000 }, (_, at) => `192.0.${at >> 8}.${at & 255}`)];
  pages.close();
  pages = new PublicPages(rules, "Miscord/0 (test)");
  expect(await read(site.page("/", ""))).toMatchObject({ isCut: false });
  expect(looked).toBeLessThan(100);
});

describe("an answer that is slow to take apart is left", () => {
  test("one in tiny pieces, of which an honest page has some", async () => {
    const inPieces = (path: string, count: number) =>
      answer(path, (response) => {
        response.writeHead(200, html);
        for (let piece = 0; piece < count; piece += 1) response.write("x");
        response.end("page".repeat(1_000));
      });
    expect(await read(inPieces("/some", 500))).toEqual({ bytes: 4_500, isCut: false });
    await expect(read(inPieces("/many", 30_000))).rejects.toThrow("tiny pieces");
  });

  test("one that is announced again and again", async () => {
    const announced = (path: string, times: number) =>
      answer(path, (response) => {
        for (let said = 0; said < times; said += 1) response.writeProcessing();
        response.writeHead(200, html).end("page");
      });
    expect(await read(announced("/some", 3))).toEqual({ bytes: 4, isCut: false });
    await expect(read(announced("/many", 50))).rejects.toThrow("never comes");
  });

  test("pictures in two million tiny pieces hold nobody up", async () => {
    const pieces = Buffer.from("1\r\nx\r\n".repeat(500_000));
    const address = answer("/flood", (response) => {
      response.writeHead(200, { "content-type": "image/png" }).flushHeaders();
      response.socket!.write(pieces);
    });
    const before = process.threadCpuUsage();
    await Promise.allSettled([1, 2, 3, 4].map(() => read(address)));
    const { user, system } = process.threadCpuUsage(before);
    // It was more than a second, in turns of a tenth and more.
    expect((user + system) / 1_000).toBeLessThan(600);
  });
});

describe("a compressed answer", () => {
  const packed = (path: string, encoding: string, bytes: Uint8Array) =>
    answer(path, (response) => response.writeHead(200, { ...html, "content-encoding": encoding }).end(bytes));

  test("is read", async () => {
    expect(await read(packed("/gzip", "gzip", gzipSync("page")))).toEqual({ bytes: 4, isCut: false });
    expect(await read(packed("/br", "br", brotliCompressSync("page")))).toEqual({ bytes: 4, isCut: false });
  });

  test.each([
    ["gzip", gzipSync],
    ["br", brotliCompressSync],
  ] as const)("of %s that would become a hundred times as long ends after the most bytes", async (encoding, pack) => {
    const bomb = packed("/bomb", encoding, pack(Buffer.alloc(50_000_000)));
    const before = process.memoryUsage().arrayBuffers;
    expect(await read(bomb)).toEqual({ bytes: 524_288, isCut: true });
    expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(10_000_000);
  });

  test("that is too long as it is sent, broken, or packed twice is refused", async () => {
    // Of stored blocks without content: much is sent and nothing comes of it.
    const [head, block] = [Buffer.from("1f8b0800000000000003", "hex"), Buffer.from("000000ffff", "hex")];
    const hollow = Buffer.concat([head, ...Array.from({ length: 110_000 }, () => block)]);
    await expect(read(packed("/hollow", "gzip", hollow))).rejects.toThrow("too long");
    await expect(read(packed("/broken", "gzip", randomBytes(1_000)))).rejects.toThrow("incorrect header");
    await expect(read(packed("/twice", "gzip, gzip", gzipSync(gzipSync("x"))))).rejects.toThrow("encoding");
    await expect(read(packed("/other", "zstd", Buffer.from("x")))).rejects.toThrow("encoding");
  });
});

test("another type, another status, a flood of headers, another protocol and no HTTP are refused", async () => {
  const refused = [
    site.file("/pdf", "application/pdf", Buffer.from("x")),
    site.file("/script", "application/javascript", Buffer.from("x")),
    answer("/untyped", (response) => response.writeHead(200).end("x")),
    answer("/missing", (response) => response.writeHead(404, html).end("x")),
    answer("/nothing", (response) => response.writeHead(204, html).end()),
    answer("/nowhere", (response) => response.writeHead(302, html).end()),
    answer("/headers", (response) => {
      const flood = Object.fromEntries(Array.from({ length: 500 }, (_, i) => [`x-${i}`, "y".repeat(100)]));
      response.writeHead(200, { ...html, ...flood }).end("x");
    }),
    answer("/upgrade", (response) =>
      response.socket!.end("HTTP/1.1 101 X\r\nupgrade: ws\r\nconnection: upgrade\r\n\r\n"),
    ),
    answer("/noise", (response) => response.socket!.end(randomBytes(1_000))),
    answer("/cut", (response) => response.socket!.destroy()),
  ];
  const reasons = /type that is not read|Overflow|another protocol|Parse Error|socket hang up/;
  for (const address of refused) await expect(read(address), address).rejects.toThrow(reasons);
});
