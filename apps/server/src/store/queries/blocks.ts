import { expressionBuilder, type Expression } from "kysely";
import type { Tables } from "../schema.ts";

/** Whether the user hides the other one, as a condition on the row of an outer query. */
export function isHidden(userId: Expression<number>, otherId: Expression<number>) {
  const is = expressionBuilder<Tables>();
  return is.exists(
    is
      .selectFrom("blocks")
      .where("blocks.user_id", "=", userId)
      .where("blocks.blocked_id", "=", otherId)
      .select("blocks.blocked_id"),
  );
}

/** Whether the message is of somebody whom the user hides, as a condition on the row of an outer query. */
export function isByHidden(userId: Expression<number>, messageId: Expression<number>) {
  const is = expressionBuilder<Tables>();
  return is.exists(
    is
      .selectFrom("blocks")
      .innerJoin("messages as of", "of.author_id", "blocks.blocked_id")
      .where("blocks.user_id", "=", userId)
      .where("of.id", "=", messageId)
      .select("blocks.blocked_id"),
  );
}
