import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { startCoturn, type Coturn } from "../testing/coturn.ts";
import { freePort } from "../testing/free-port.ts";
import { checkIce } from "./check-ice.ts";

let coturn: Coturn;

beforeAll(async () => {
  coturn = await startCoturn();
});
afterAll(() => coturn.stop());

const check = (settings: Partial<Parameters<typeof checkIce>[0]>) =>
  checkIce({ stunUrls: [], turnUrls: [], turnSecret: undefined, ...settings });

describe("checkIce with a running coturn", () => {
  test("reports the address that STUN sees", async () => {
    expect(await check({ stunUrls: [`stun:127.0.0.1:${coturn.port}`] })).toMatchObject([
      { state: "works", text: expect.stringMatching(/127\.0\.0\.1:\d+/) },
      { state: "attention", piece: "TURN" },
    ]);
  });

  test.each(["udp", "tcp"])("gets a relay from TURN over %s with expiring credentials", async (transport) => {
    const turnUrls = [`turn:127.0.0.1:${coturn.port}?transport=${transport}`];
    expect(await check({ turnUrls, turnSecret: coturn.secret })).toMatchObject([
      { state: "works", text: expect.stringMatching(/relays through 127\.0\.0\.1:\d+/) },
    ]);
  });

  test("reports a wrong TURN secret", async () => {
    const turnUrls = [`turn:127.0.0.1:${coturn.port}`];
    expect(await check({ turnUrls, turnSecret: "some other secret" })).toMatchObject([
      { state: "broken", text: expect.stringContaining("TURN_SECRET") },
    ]);
  });

  test("reports TURN URLs without a secret as broken", async () => {
    expect(await check({ turnUrls: [`turn:127.0.0.1:${coturn.port}`] })).toMatchObject([
      { state: "broken", text: expect.stringContaining("TURN_SECRET is not") },
    ]);
  });
});

test("the coturn configuration shipped to operators accepts credentials made with its secret", async () => {
  const path = join(import.meta.dirname, "../../../../deploy/turnserver.conf");
  const configured = await startCoturn({ path, secret: "CHANGE-ME" });
  const turnUrls = [`turn:127.0.0.1:${configured.port}`];
  const findings = await check({ turnUrls, turnSecret: configured.secret });
  await configured.stop();
  expect(findings).toMatchObject([{ state: "works", text: expect.stringContaining("203.0.113.7:") }]);
});

describe("checkIce without a server", () => {
  test.each(["udp", "tcp"])("reports TURN over %s as unreachable", async (transport) => {
    const turnUrls = [`turn:127.0.0.1:${await freePort()}?transport=${transport}`];
    expect(await check({ turnUrls, turnSecret: coturn.secret })).toMatchObject([
      { state: "broken", text: expect.stringContaining(`${transport.toUpperCase()} port`) },
    ]);
  });

  test("names a host that does not exist", async () => {
    expect(await check({ stunUrls: ["stun:stun.invalid:3478"] })).toMatchObject([
      { state: "broken", text: expect.stringContaining("stun.invalid") },
      {},
    ]);
  });
});
