import { limits } from "@miscord/protocol";
import type { Kysely } from "kysely";
import { importedItems, noteItems } from "../../../store/queries/discord.ts";
import { addMember } from "../../../store/queries/members.ts";
import { insertServer, serverById } from "../../../store/queries/servers.ts";
import type { Tables } from "../../../store/schema.ts";
import { ImportFault } from "./fault.ts";
import type { Guild } from "./format.ts";
import { nameOf } from "./names.ts";
import type { DiscordReport } from "./report.ts";

type Db = Kysely<Tables>;

/** Where an export goes. */
export interface ServerPlace {
  id: number;
  name: string;
  everyoneRoleId: number;
  ownerId: number;
  /** It has more people than its owner: they must not see what may have been hidden from them in Discord. */
  isShared: boolean;
}

interface Wanted {
  /** Id of a server, or the name of a new one; undefined: a new one with its name in Discord. */
  server: string | undefined;
  /** Of a new server. */
  ownerId: number;
  now: number;
  /** A new server has no members yet, its owner neither: nobody sees it before the import has ended. */
  isHidden?: boolean;
  /** `server` is a name, whatever it looks like. */
  isNameOnly?: boolean;
  /** Called in the transaction, with the server and whether it is new; throws to leave everything as it was. */
  note?: (db: Db, place: ServerPlace, isNew: boolean) => Promise<void>;
}

const serverId = /^\d{1,15}$/;

/**
 * The server that the export went into before, else the wanted one. Throws an ImportFault when there is none with that
 * id, or when the export went into another one.
 */
export function placeOfServer(db: Db, guild: Guild, wanted: Wanted, report: DiscordReport): Promise<ServerPlace> {
  const { server, ownerId, now } = wanted;
  const isId = !wanted.isNameOnly && server !== undefined && serverId.test(server);
  const givenId = isId ? Number(server) : undefined;
  return db.transaction().execute(async (trx) => {
    const before = (await importedItems(trx, "server", [guild.id])).get(guild.id);
    if (before !== undefined && givenId !== undefined && givenId !== before) {
      throw new ImportFault("other_server", `This export went into the server ${before} before.`);
    }
    let id = before ?? givenId;
    if (id === undefined) {
      id = await insertServer(trx, {
        name: nameOf(server ?? guild.name, limits.serverNameLength, "Discord"),
        ownerId,
        now,
      });
      if (!wanted.isHidden) await addMember(trx, id, ownerId, now);
      report.made("servers");
    }
    const found = await serverById(trx, id);
    if (!found) throw new ImportFault("server_gone", `There is no server ${id}.`);
    if (before === undefined) await noteItems(trx, "server", id, [[guild.id, id]]);
    const { name, everyone_role_id: everyoneRoleId, owner_id } = found;
    const place = { id, name, everyoneRoleId, ownerId: owner_id, isShared: await hasPeople(trx, id) };
    await wanted.note?.(trx, place, before === undefined && givenId === undefined);
    return place;
  });
}

async function hasPeople(db: Db, id: number): Promise<boolean> {
  const rows = await db.selectFrom("members").where("server_id", "=", id).select("user_id").limit(2).execute();
  return rows.length > 1;
}
