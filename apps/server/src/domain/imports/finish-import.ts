import { chunks } from "../../chunks.ts";
import type { ImportRow } from "../../store/import-tables.ts";
import { changeImport, deleteImport, deleteSomeFiles } from "../../store/queries/imports.ts";
import { addMember } from "../../store/queries/members.ts";
import { serverById } from "../../store/queries/servers.ts";
import { restrictedAmong } from "../../store/queries/channels.ts";
import { sweepRemovedFiles } from "../attachments/remove-files.ts";
import { publish, sendControl } from "../publish.ts";
import { announceRights } from "../servers/rights-changes.ts";
import { serverState } from "../servers/server-state.ts";
import { announceImports } from "./announce-imports.ts";
import { Overtaken, type ImportContext } from "./job.ts";
import { positionOf } from "./present-import.ts";

/** Rows of files that are taken away in one transaction. */
const filesAtOnce = 200;

/** Tells of what an import that has ended has made, then removes its files, and once its report has been kept long enough its row. */
export async function finishImport(context: ImportContext, row: ImportRow, isMine: () => boolean): Promise<void> {
  const { store, clock } = context;
  if (row.announce !== null) await announce(context, row);
  let isMore = true;
  while (isMore) {
    if (!isMine()) throw new Overtaken();
    const startedAt = clock.monotonic();
    isMore = await store.db.transaction().execute((db) => deleteSomeFiles(db, row.id, filesAtOnce));
    const ms = clock.monotonic() - startedAt;
    if (isMore && ms >= 1) await new Promise<void>((resolve) => clock.setTimeout(resolve, ms));
  }
  if (row.files > 0) await sweepRemovedFiles(context);
  if (row.expires_at !== null && row.expires_at <= clock.now()) await deleteImport(store.db, row.id);
  else await changeImport(store.db, row, { due_at: row.expires_at ?? clock.now() });
  await announceImports(context);
}

async function announce(context: ImportContext, row: ImportRow): Promise<void> {
  const { store } = context;
  const server = row.server_id === null ? undefined : await serverById(store.db, row.server_id);
  if (!server) await changeImport(store.db, row, { announce: null });
  else if (row.announce === "server") await showServer(context, row, server.id);
  else await announceChanges(context, row, server.id);
}

/** Its owner becomes its first member, as with a server that they create. */
async function showServer(context: ImportContext, row: ImportRow, serverId: number): Promise<void> {
  const { store, clock } = context;
  const { user_id: userId } = row;
  const isShown = await store.db.transaction().execute(async (db) => {
    if (!(await changeImport(db, row, { announce: null }))) return false;
    return addMember(db, serverId, userId, clock.now());
  });
  if (!isShown) return;
  // Sent before anything is awaited, for the reason given at `announceJoin`.
  sendControl(context, `user:${userId}`, { type: "membership_added", userId, serverId });
  const server = await serverState(context, { userId }, serverId);
  publish(context, `user:${userId}`, { type: "server_joined", server });
}

/**
 * Of a server that was there: whoever sees its channels hears of the latest message of each, and the gap before it is read as
 * after a time offline; everything else is loaded anew.
 */
async function announceChanges(context: ImportContext, row: ImportRow, serverId: number): Promise<void> {
  const { store, clock } = context;
  const { changed = [], started = [] } = positionOf(row) ?? {};
  const opened: number[] = [];
  for (const ids of chunks(changed, 500)) opened.push(...(await restrictedAmong(store.db, ids)));
  announceRights(context, serverId, { hidden: [], opened });
  for (const channelId of changed) {
    const { seq } = await store.log.changesSince(channelId, Number.MAX_SAFE_INTEGER, 0);
    const [message] = seq === 0 ? [] : ((await store.log.changesSince(channelId, seq - 1, 1)).changes ?? []);
    // Another one has taken the position since: its event tells the same.
    if (message?.updated_seq !== seq || message.seq !== seq) continue;
    publish(context, `channel:${channelId}`, { type: "new_message", channel_id: channelId, seq, data: message });
  }
  for (const messageId of started) {
    await store.log.commit({ kind: "touch", actorId: row.user_id, messageId, at: clock.now() });
  }
  publish(context, `server:${serverId}`, { type: "resync", timestamp: clock.now() / 1_000 });
  await changeImport(store.db, row, { announce: null });
}
