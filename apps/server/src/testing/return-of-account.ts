import type { Credentials } from "@miscord/protocol";
import { expect } from "vitest";
import { systemClock } from "../clock.ts";
import { startSession } from "../domain/accounts/sessions.ts";
import type { Store } from "../store/contract.ts";
import type { UserRow } from "../store/schema.ts";
import { changeUser } from "../store/queries/users.ts";

interface Returning {
  /** As a login read it that is under way while the account is removed. */
  user: UserRow;
  /** The status of a call with the session, at another node. */
  statusOfCall: () => Promise<number>;
}

/** A session of the week in which the account can be kept. */
export async function logInLate(
  store: Store,
  nodes: readonly { url: string }[],
  { id, password }: { id: number; password: string },
): Promise<Returning> {
  const user = await store.db.selectFrom("users").where("id", "=", id).selectAll().executeTakeFirstOrThrow();
  const login = await fetch(`${nodes[0]!.url}/api/auth/login`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ username: user.username, password }),
  });
  const { access_token } = (await login.json()) as Credentials;
  const headers = { authorization: `Bearer ${access_token}` };
  const statusOfCall = async () => (await fetch(`${nodes.at(-1)!.url}/api/me/data`, { headers })).status;
  expect(await statusOfCall()).toBe(200);
  return { user, statusOfCall };
}

/** Nothing that was under way when the account lost its name brings it back. */
export async function expectNoReturn(store: Store, { user, statusOfCall }: Returning): Promise<void> {
  const { db } = store;
  const sessions = await db.selectFrom("sessions").where("user_id", "=", user.id).select("revoked_at").execute();
  expect(sessions.filter(({ revoked_at }) => revoked_at === null)).toEqual([]);
  await db.updateTable("sessions").set({ revoked_at: null }).where("user_id", "=", user.id).execute();
  expect(await statusOfCall()).toBe(401);
  const context = { store, clock: systemClock, settings: { sessionTtlMs: 60_000 } };
  const login = startSession(context as never, user, { kind: "web", device: { userAgent: "", address: "" } });
  await expect(login).rejects.toMatchObject({ code: "invalid_credentials" });
  expect(await changeUser(db, user.id, { display_name: user.display_name })).toBeUndefined();
}
