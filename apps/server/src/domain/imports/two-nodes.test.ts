import { mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { ServerState } from "@miscord/protocol";
import { afterAll, beforeAll, expect, test } from "vitest";
import { makeAdministrator } from "../../admin/accounts.ts";
import { writeExport } from "../../admin/discord/testing/write-export.ts";
import { MemoryHub } from "../../bus/memory-hub.ts";
import { NetworkBus } from "../../bus/network-bus.ts";
import { databaseName } from "../../data-folder.ts";
import { systemClock } from "../../clock.ts";
import type { Cluster } from "../../cluster/contract.ts";
import { MemoryHub as ClusterHub } from "../../cluster/memory-hub.ts";
import type { Store } from "../../store/contract.ts";
import { openSqliteStore } from "../../store/sqlite/open-sqlite-store.ts";
import { eventually } from "../../testing/eventually.ts";
import { shareStore } from "../../testing/shared-store.ts";
import { TestClient } from "../../testing/test-client.ts";
import { startTestServer, type TestServer } from "../../testing/test-server.ts";
import { countsOf, filesOf, importOf, preview, uploadFiles, waitFor } from "./testing/upload-export.ts";

let folder: string;
let store: Store;
let hub: ClusterHub;
let nodes: { server: TestServer; cluster: Cluster }[];

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "miscord-two-"));
  mkdirSync(join(folder, "files"));
  store = await openSqliteStore({ file: join(folder, databaseName), clock: systemClock });
  const bus = new MemoryHub(systemClock);
  hub = new ClusterHub(systemClock);
  const viewOf = shareStore(store);
  const start = async (nodeId: string) => {
    const cluster = await hub.join();
    const ownBus = await NetworkBus.open(bus.connect(nodeId), { nodeId, clock: systemClock });
    const storage = { kind: "folder", path: join(folder, "files") } as const;
    const settings = { secretKey: "0123456789abcdef0123456789abcdef", storage };
    return { server: await startTestServer(settings, { store: viewOf(), bus: ownBus, cluster }), cluster };
  };
  nodes = [await start("a"), await start("b")];
});
afterAll(async () => {
  await Promise.all(nodes.map(({ server }) => server.cleanup()));
  hub.close();
  await store.close();
  rmSync(folder, { recursive: true, force: true });
});

test("of two nodes one imports, and when it is gone the other goes on with it", async () => {
  const { server } = nodes[0]!;
  const ann = await TestClient.register(server.url, "ann");
  await makeAdministrator({ ...server.config, dataDir: folder }, "ann");
  const written = await writeExport(join(folder, "export"), 1_200, 3);
  const { id } = await uploadFiles(ann, filesOf(join(folder, "export")));
  await preview(ann, id);
  await ann.post(`/api/instance/imports/${id}/start`);
  await eventually(async () => expect((await importOf(ann, id)).progress.done).toBeGreaterThan(50));
  const working = nodes.filter(({ cluster }) => cluster.owns("imports"));
  expect(working).toHaveLength(1);
  await working[0]!.server.stop();
  const other = await TestClient.logIn(nodes.find((node) => node !== working[0])!.server.url, "ann");
  expect((await importOf(other, id)).status).toBe("running");
  const { report } = await waitFor(other, id, "done");
  const all = written.reduce((sum, { messages }) => sum + messages.length, 0);
  expect(countsOf(report!.made)).toMatchObject({ servers: 1, messages: all });
  await eventually(async () => {
    const { servers } = await other.get<{ servers: ServerState[] }>("/api/servers");
    const general = servers[0]!.channels.find(({ name }) => name === "general");
    expect(general!.last_message_seq).toBe(written[0]!.messages.length);
  });
});
