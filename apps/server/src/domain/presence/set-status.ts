import type { ChosenStatus, CustomStatus } from "@miscord/protocol";
import type { customStatusBody } from "@miscord/protocol/schemas";
import type { z } from "zod";
import { AppError } from "../../errors.ts";
import { customStatusOf } from "../../store/queries/own-profile.ts";
import { changeUser } from "../../store/queries/users.ts";
import type { UserRow } from "../../store/schema.ts";
import type { DomainContext, Authentication } from "../context.ts";
import { isOwnEmoji } from "../emojis/own-emojis.ts";
import { publish } from "../publish.ts";

type Context = Pick<DomainContext, "store" | "bus" | "presence" | "rates" | "clock">;

/** Stores the chosen status, which holds for all connections of the user, then publishes it to their servers. */
export async function setStatus(
  context: Context,
  { userId, user }: Pick<Authentication, "userId" | "user">,
  { status }: { status: ChosenStatus },
): Promise<void> {
  await context.rates.changes.spend(userId);
  announceStatus(context, user, await changeUser(context.store.db, userId, { status }));
}

/**
 * Sets the custom status, or with null takes it away; it ends by itself. An emoji of a server that the user is not in is
 * refused with `invalid_request`.
 */
export async function setCustomStatus(
  context: Context,
  { userId, user }: Pick<Authentication, "userId" | "user">,
  wanted: z.output<typeof customStatusBody> | null,
): Promise<void> {
  await context.rates.changes.spend(userId);
  const { store, clock } = context;
  const emoji = wanted?.emoji ?? null;
  if (emoji !== null && !(await isOwnEmoji(store, userId, emoji))) {
    throw new AppError("invalid_request", "There is no such emoji.", { details: { field: "emoji" } });
  }
  const duration = wanted?.duration_s ?? null;
  const ends_at = duration === null ? null : new Date(clock.now() + duration * 1_000).toISOString();
  const custom_status = wanted && JSON.stringify({ emoji, text: wanted.text, ends_at } satisfies CustomStatus);
  announceStatus(context, user, await changeUser(store.db, userId, { custom_status }));
}

/** Shows what the row says, after a change of it, to those who see the presence. Undefined: nothing has changed. */
export function announceStatus(
  context: Pick<DomainContext, "bus" | "presence" | "clock">,
  { id, username }: Pick<UserRow, "id" | "username">,
  row: UserRow | undefined,
): void {
  if (!row) return;
  publish(context, `user:${id}`, { type: "me_updated", user_id: id });
  const custom = customStatusOf(row, context.clock.now());
  context.presence.statusChosen({ id, username }, { chosen: row.status as ChosenStatus, custom });
}
