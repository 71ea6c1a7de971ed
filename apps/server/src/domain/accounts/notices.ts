import { knownDevice } from "@miscord/protocol";
import type { Kysely } from "kysely";
import { insertNotice, sessionsBefore } from "../../store/queries/mails.ts";
import type { NoticeKind } from "../../store/mail-tables.ts";
import type { Tables } from "../../store/schema.ts";
import type { DomainContext } from "../context.ts";

type Context = Pick<DomainContext, "clock" | "mail">;

interface NewDevice {
  userId: number;
  session: { id: string; createdAt: number };
  device: { userAgent: string; address: string };
}

/** Tells the user by mail what was done with the account. Run it in the transaction that does it. */
export async function notice(
  { clock, mail }: Context,
  db: Kysely<Tables>,
  userId: number,
  kind: NoticeKind,
): Promise<void> {
  if (mail) await insertNotice(db, { userId, kind }, clock.now());
}

/**
 * Tells the user of a login from a device that none of the account's earlier sessions has: of two logins at the same time
 * neither makes the other's device known. Before the login is answered: what nobody was told of, nobody can use.
 */
export async function noticeOfDevice(
  { store, clock, mail }: Context & Pick<DomainContext, "store">,
  { userId, session, device }: NewDevice,
): Promise<void> {
  if (!mail) return;
  const earlier = await sessionsBefore(store.db, userId, session);
  const name = nameOf(device.userAgent);
  const isKnown = earlier.some(({ user_agent, address }) => nameOf(user_agent) === name && address === device.address);
  if (isKnown) return;
  // Names of browsers that we know only: whoever logs in has written the rest.
  const detail = JSON.stringify({ device: knownDevice(device.userAgent), address: device.address });
  await insertNotice(store.db, { userId, kind: "new_device", detail }, clock.now());
}

/** A browser that was updated is still the same one. */
function nameOf(userAgent: string): string {
  return userAgent.slice(0, 300).replace(/\d+/g, "");
}
