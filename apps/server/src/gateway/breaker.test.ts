import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { CircuitBreaker } from "../resilience/circuit-breaker.ts";
import { guardStore } from "../resilience/guarded.ts";
import { tryAgainLater } from "./admission/refusal.ts";
import { RealtimeWorld, type TestPerson } from "../testing/realtime-world.ts";

describe("a gateway whose store fails", () => {
  let world: RealtimeWorld;
  let breaker: CircuitBreaker;
  let works: boolean;
  let ann: TestPerson;
  let channelId: number;

  beforeEach(async () => {
    works = true;
    world = await RealtimeWorld.open({
      refusal: () => (breaker.state === "closed" ? null : tryAgainLater("unavailable")),
      wrapStore(store, clock) {
        breaker = new CircuitBreaker({
          settings: { failureThreshold: 10, failureWindowMs: 60_000, recoveryTimeoutMs: 120_000 },
          clock,
          probe: () => (works ? store.ping() : Promise.reject(new Error("disk full"))),
        });
        const { log } = store;
        const failing: typeof log = {
          commit: (command) => (works ? log.commit(command) : Promise.reject(new Error("disk full"))),
          onCommitted: (listener) => log.onCommitted(listener),
          changesSince: (...args) => log.changesSince(...args),
          history: (...args) => log.history(...args),
          message: (...args) => log.message(...args),
        };
        return guardStore({ ...store, log: failing }, breaker);
      },
    });
    ann = await world.person("ann");
    ({ channelId } = await world.server(ann));
  });
  afterEach(() => world.close());

  test("refuses writes and new connections, serves reads, and recovers by itself", async () => {
    const socket = await world.connect(ann);
    await socket.join(channelId);
    const say = (nonce: string) => socket.send({ type: "chat_message", channel_id: channelId, content: "x", nonce });

    works = false;
    for (let i = 0; i < 10; i += 1) say(`failing ${i}`);
    await socket.count("error", 10);
    expect(new Set(socket.all("error").map(({ code }) => code))).toEqual(new Set(["unavailable"]));
    expect(breaker.state).toBe("open");

    world.clock.advance(20_000);
    say("refused");
    socket.send({ type: "set_status", status: "dnd", ref: "status" });
    await socket.count("error", 12);
    const refusalOf = (ref: string) => socket.all("error").find((error) => error.nonce === ref || error.ref === ref);
    expect(refusalOf("refused")).toMatchObject({ code: "unavailable", retry_after_ms: 100_000 });
    expect(refusalOf("status")).toMatchObject({ code: "unavailable" });
    expect(await world.dial(`/ws/main?token=${ann.token}`).closed).toEqual({ code: 1013, reason: "unavailable" });
    expect(await socket.join(channelId, 0)).toMatchObject({ recovered: true });

    works = true;
    for (let i = 0; i < 100 && breaker.state !== "closed"; i += 1) {
      await socket.roundTrip();
      world.clock.advance(1_000);
    }
    await expect.poll(() => breaker.state).toBe("closed");
    say("again");
    await socket.next("message_ack", ({ nonce }) => nonce === "again");
    await (await world.connect(ann)).close();
  });
});
