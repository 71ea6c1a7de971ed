import type { IncomingHttpHeaders } from "node:http";
import type { Socket } from "node:net";
import { describe, expect, test } from "vitest";
import { createAddressReader } from "./client-address.ts";
import { createOriginPolicy } from "./origin.ts";

function read(remoteAddress: string | undefined, headers: IncomingHttpHeaders = {}, trusted: string[] = []) {
  return createAddressReader(trusted)({ socket: { remoteAddress } as Socket, headers });
}

describe("the client address of a request", () => {
  test("is the peer of the socket, with mapped IPv4 converted", () => {
    expect(read("::ffff:192.0.2.1")).toEqual({
      address: "192.0.2.1",
      limitKey: "192.0.2.1",
      isLoopback: false,
      host: undefined,
    });
    for (const address of ["127.0.0.1", "::1", "::ffff:127.0.0.9"]) expect(read(address).isLoopback).toBe(true);
  });

  test("is not loopback when the request was forwarded, by a trusted proxy or not", () => {
    for (const header of ["x-forwarded-for", "forwarded", "x-real-ip", "via", "x-forwarded-host"]) {
      expect(read("127.0.0.1", { [header]: "127.0.0.1" }).isLoopback).toBe(false);
      expect(read("127.0.0.1", { [header]: "127.0.0.1" }, ["127.0.0.1"]).isLoopback).toBe(false);
    }
  });

  test("is the one that the last trusted proxy saw, not one that the client wrote into a header", () => {
    const headers = { "x-forwarded-for": "127.0.0.1, 203.0.113.7, 10.0.0.2" };
    expect(read("10.0.0.1", headers).address).toBe("10.0.0.1");
    expect(read("10.0.0.1", headers, ["10.0.0.0/8"]).address).toBe("203.0.113.7");
  });

  test.each([
    ["203.0.113.7:52144", "203.0.113.7", "203.0.113.7"],
    ["[2001:db8:1:2::9]:52144", "2001:db8:1:2::9", "2001:db8:1:2::/64"],
    ["[2001:db8:1:2::9]", "2001:db8:1:2::9", "2001:db8:1:2::/64"],
    ["::ffff:203.0.113.7", "203.0.113.7", "203.0.113.7"],
    ["no address", "unknown", "unknown"],
    ["203.0.113.7.8", "unknown", "unknown"],
  ])("of a front that names it as %s has no port, and is an address", (named, address, limitKey) => {
    expect(read("10.0.0.1", { "x-forwarded-for": named }, ["10.0.0.0/8"])).toMatchObject({ address, limitKey });
  });

  test("is found through trusted fronts that name ports as well", () => {
    const headers = { "x-forwarded-for": "203.0.113.7:40000, 10.0.0.2:4444" };
    expect(read("10.0.0.1", headers, ["10.0.0.0/8"]).address).toBe("203.0.113.7");
  });

  test("is unknown once the peer has disconnected, also behind a proxy", () => {
    const unknown = { address: "unknown", limitKey: "unknown", isLoopback: false, host: undefined };
    expect(read(undefined)).toEqual(unknown);
    expect(read(undefined, { "x-forwarded-for": "203.0.113.7" }, ["10.0.0.0/8"])).toEqual(unknown);
  });

  test("the host is X-Forwarded-Host of a trusted proxy, and Host from anybody else", () => {
    const headers = { host: "backend:8000", "x-forwarded-host": "spoofed.example, chat.example" };
    expect(read("10.0.0.1", headers).host).toBe("backend:8000");
    expect(read("10.0.0.1", headers, ["10.0.0.0/8"]).host).toBe("chat.example");
    expect(read("10.0.0.1", { host: "chat.example" }, ["10.0.0.0/8"]).host).toBe("chat.example");
    expect(read("::ffff:10.0.0.1", headers, ["10.0.0.0/8"]).host).toBe("chat.example");
  });

  test("is limited by its /64 network for IPv6", () => {
    const key = (address: string) => read(address).limitKey;
    expect(key("2001:db8:1:2:3:4:5:6")).toBe("2001:db8:1:2::/64");
    expect(key("2001:db8:1:2::9")).toBe(key("2001:db8:1:2:ffff::1"));
    expect(key("2001:db8:1:3::9")).not.toBe(key("2001:db8:1:2::9"));
    expect(key("2001:db8::1")).toBe("2001:db8:0:0::/64");
  });
});

describe("the origin policy", () => {
  const policy = createOriginPolicy({ corsOrigins: ["https://a.example"], publicUrl: "https://chat.example/" });
  test.each([
    [undefined, "chat.example", true],
    ["https://a.example", "chat.example", true],
    ["https://chat.example", "internal:8000", true],
    ["http://localhost:8000", "localhost:8000", true],
    ["http://localhost:9000", "localhost:8000", false],
    ["https://a.example.evil", "chat.example", false],
    ["null", "chat.example", false],
    ["nonsense", "nonsense", false],
    ["https://a.example", undefined, true],
    ["https://evil.example", undefined, false],
  ])("answers origin %s at host %s with %s", (origin, host, allowed) => {
    expect(policy.allows(origin, host)).toBe(allowed);
    expect(policy.allowsCookies(origin, host)).toBe(allowed);
  });

  test("accepts every origin with * in the list, but not for cookies", () => {
    const any = createOriginPolicy({ corsOrigins: ["*"], publicUrl: undefined });
    expect(any.allows("https://evil.example", "chat.example")).toBe(true);
    expect(any.allowsCookies("https://evil.example", "chat.example")).toBe(false);
  });
});
