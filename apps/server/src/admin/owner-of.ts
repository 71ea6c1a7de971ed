import { foldName } from "@miscord/text";
import { OperatorError } from "../errors.ts";
import type { Store } from "../store/contract.ts";
import { userByKey } from "../store/queries/users.ts";
import { programs } from "../store/webhook-tables.ts";

/** The user with that name; by default the first administrator. @throws OperatorError without one */
export async function ownerOf({ db }: Store, username: string | undefined): Promise<{ id: number; username: string }> {
  if (username !== undefined) {
    const user = await userByKey(db, foldName(username));
    if (user?.program === programs.none) return user;
    throw new OperatorError(`There is no user ${username}.`);
  }
  const row = await db
    .selectFrom("users")
    .where("is_admin", "=", 1)
    .where("deleted_at", "is", null)
    .where("deletion_at", "is", null)
    .where("disabled_at", "is", null)
    .where("program", "=", programs.none)
    .orderBy("id")
    .select(["id", "username"])
    .executeTakeFirst();
  if (row) return row;
  throw new OperatorError("Name who shall own the server with --owner: there is no administrator.");
}
