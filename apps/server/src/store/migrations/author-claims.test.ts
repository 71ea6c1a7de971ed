import type { ServerState } from "@miscord/protocol";
import { bitsOf, everydayPermissions, includes, permissionBits } from "@miscord/rights";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { withStore } from "../../admin/open-store.ts";
import { startPostgres, type TestPostgres } from "../../testing/postgres.ts";
import { TestClient } from "../../testing/test-client.ts";
import { startTestServer, type TestServer } from "../../testing/test-server.ts";

const polls = permissionBits.sendPolls;

describe.each(["SQLite", "PostgreSQL"])("an instance from before SEND_POLLS counted, in %s", (database) => {
  let postgres: TestPostgres | undefined;
  let server: TestServer;
  let home: ServerState;
  let owner: TestClient;

  beforeAll(async () => {
    if (database === "PostgreSQL") postgres = await startPostgres();
    server = await startTestServer(postgres ? { databaseUrl: postgres.createDatabase() } : {});
    owner = await TestClient.register(server.url, "owner");
    home = await owner.createServer();
  });
  afterAll(async () => {
    await server.cleanup();
    postgres?.dispose();
  });

  test("lets everybody send polls who might before, wherever that was, and nobody else", async () => {
    const role = (name: string, permissions: number) =>
      owner.post<{ id: number }>(`/api/servers/${home.id}/roles`, { name, permissions });
    const [silent, threads] = [
      await role("silent", bitsOf("kickMembers")),
      await role("threads", bitsOf("sendMessagesInThreads")),
    ];
    const channelId = home.channels[0]!.id;
    const override = (id: number, allow: number, deny: number) =>
      owner.put(`/api/channels/${channelId}/overrides/${id}`, { type: "role", allow, deny });
    await override(home.everyone_role_id, 0, bitsOf("sendMessages", "sendPolls"));
    await override(silent.id, bitsOf("sendMessages"), 0);
    await override(threads.id, bitsOf("viewChannel"), 0);
    await server.stop();
    await withStore(server.config, async ({ db }) => {
      const everyone = { permissions: everydayPermissions - polls };
      await db.updateTable("roles").set(everyone).where("id", "=", home.everyone_role_id).execute();
      await db.schema.dropTable("author_claims").execute();
      await db.deleteFrom("migrations").where("name", "=", "0066-author-claims").execute();
    });
    await withStore(server.config, async ({ db }) => {
      const roles = await db.selectFrom("roles").select(["id", "permissions"]).execute();
      const mayAsk = roles.filter(({ permissions }) => includes(permissions, polls)).map(({ id }) => id);
      expect(new Set(mayAsk)).toEqual(new Set([home.everyone_role_id, threads.id]));
      const rows = await db.selectFrom("channel_overrides").select(["target_id", "allow", "deny"]).execute();
      const of = (id: number) => rows.find((row) => row.target_id === id);
      expect(of(home.everyone_role_id)).toMatchObject({ allow: 0, deny: bitsOf("sendMessages") });
      expect(of(silent.id)).toMatchObject({ allow: bitsOf("sendMessages", "sendPolls"), deny: 0 });
      expect(of(threads.id)).toMatchObject({ allow: bitsOf("viewChannel"), deny: 0 });
    });
    await server.restart();
    await owner.refresh();
    await owner.send(channelId, "Lunch?", { poll: { answers: ["soup", "salad"] } });
  });
});
