import { closeCodes } from "@miscord/protocol";
import { expect, test } from "vitest";
import { revokeSession } from "../../domain/accounts/sessions.ts";
import { HeldReads } from "../../testing/held-reads.ts";
import { RealtimeWorld } from "../../testing/realtime-world.ts";

test("auth_refresh closes the connection when the new session is revoked during the lookup", async () => {
  const reads = new HeldReads("revoked_at");
  const world = await RealtimeWorld.open({ wrapStore: reads.over });
  try {
    const ann = await world.person("ann");
    const socket = await world.connect(ann);
    const next = await world.session(ann.id);
    const held = reads.hold();
    socket.send({ type: "auth_refresh", token: next.token });
    await held;
    await revokeSession(world.context, next.sessionId);
    reads.release();
    expect(await socket.closed).toEqual({ code: closeCodes.tokenInvalid, reason: "session revoked" });
  } finally {
    await world.close();
  }
});
