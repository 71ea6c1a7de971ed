import type { Kysely } from "kysely";
import { importedItems, noteItems } from "../../store/queries/discord.ts";
import { addMember } from "../../store/queries/members.ts";
import type { Tables } from "../../store/schema.ts";
import { placeFor, type Import } from "../../domain/imports/discord/channel-place.ts";
import type { Report } from "../../domain/imports/discord/report.ts";
import { placeOfServer, type ServerPlace } from "../../domain/imports/discord/server-place.ts";
import type { StagedDump } from "./staged-dump.ts";
import type { Row } from "./tables.ts";
import { keyOf, timeOf } from "./values.ts";

type Db = Kysely<Tables>;

export interface ServerImport {
  db: Db;
  report: Report;
  now: number;
  accounts: ReadonlyMap<string, number>;
  /** Owns servers whose owner is not in the dump. */
  ownerId: number;
}

/** A text channel with messages of version 1. */
export interface ImportedChannel {
  server: ServerPlace;
  /** As messages of the dump name it. */
  channelId: string;
  name: string;
  localId: number;
}

type ChannelRow = Row<"text_channels"> & { type: string | null; kind: string };

/** Makes servers, memberships and channels that are not imported yet. Returns the channels for messages. */
export async function importServers(to: ServerImport, dump: StagedDump): Promise<ImportedChannel[]> {
  const members = Map.groupBy(dump.all("members"), (row) => row.server_id);
  const channels = Map.groupBy(channelsOf(dump), (row) => row.server_id);
  const made: ImportedChannel[] = [];
  for (const row of dump.all("servers")) {
    const { db, report, now, ownerId } = to;
    const owner = (row.owner_id === null ? undefined : to.accounts.get(row.owner_id)) ?? ownerId;
    const guild = { id: keyOf("server", row.id), name: row.name };
    const place = await placeOfServer(db, guild, { server: undefined, ownerId: owner, now }, report);
    // In version 1 every member saw every channel.
    const server = { ...place, isShared: false };
    await importMembers(to, server, members.get(row.id) ?? []);
    made.push(...(await importChannels({ db, report, now, server }, channels.get(row.id) ?? [])));
    channels.delete(row.id);
  }
  for (const rows of channels.values())
    for (const { name } of rows) to.report.lost("channels of servers that are not in the dump", name);
  return made;
}

function channelsOf(dump: StagedDump): ChannelRow[] {
  const list = (kind: "text" | "voice") =>
    dump.all(`${kind}_channels`).map((row) => ({ ...row, kind, type: kind as string | null }));
  const all = [...list("text"), ...list("voice"), ...dump.all("channels").map((row) => ({ ...row, kind: "channel" }))];
  return all.toSorted((a, b) => Number(a.position ?? 0) - Number(b.position ?? 0));
}

/** A membership is imported once: whoever left or was banned since then stays away. */
async function importMembers({ db, report, now, accounts }: ServerImport, server: ServerPlace, rows: Row<"members">[]) {
  await db.transaction().execute(async (trx) => {
    const keys = new Map(rows.map((row) => [keyOf("member", `${row.server_id}:${row.user_id}`), row]));
    const known = await knownOf(trx, [...keys.keys()]);
    for (const [key, { user_id, joined_at }] of keys) {
      const userId = accounts.get(user_id);
      if (known.has(key) || userId === undefined) continue;
      if (await addMember(trx, server.id, userId, timeOf(joined_at) ?? now)) report.made("memberships");
      await noteItems(trx, "member", server.id, [[key, userId]]);
    }
  });
}

async function knownOf(db: Db, keys: readonly string[]): Promise<Set<string>> {
  const known = new Set<string>();
  for (let from = 0; from < keys.length; from += 1_000) {
    for (const key of (await importedItems(db, "member", keys.slice(from, from + 1_000))).keys()) known.add(key);
  }
  return known;
}

async function importChannels(to: Import, rows: readonly ChannelRow[]): Promise<ImportedChannel[]> {
  const made: ImportedChannel[] = [];
  for (const { id, kind, name, type } of rows) {
    const isVoice = type?.toLowerCase().includes("voice") ?? false;
    const place = { kind: isVoice ? "voice" : "channel", type: isVoice ? "voice" : "text" } as const;
    const localId = await to.db
      .transaction()
      .execute((db) => placeFor(db, to, { ...place, discordId: keyOf(kind, id), name }));
    if (localId !== null && !isVoice) made.push({ server: to.server, channelId: id, name, localId });
  }
  return made;
}
