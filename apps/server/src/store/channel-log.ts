import type { Kysely } from "kysely";
import type { ChannelLog } from "./contract.ts";
import { changesSince, history, message } from "./queries/messages.ts";
import type { Tables } from "./schema.ts";

/** The log of any database: writes through a group commit, reads through portable queries. */
export function channelLog(db: Kysely<Tables>, writes: Pick<ChannelLog, "commit" | "onCommitted">): ChannelLog {
  return {
    commit: (command) => writes.commit(command),
    onCommitted: (listener) => writes.onCommitted(listener),
    changesSince: (channelId, afterSeq, limit, bytes) => changesSince(db, channelId, afterSeq, { limit, bytes }),
    history: (channelId, page) => history(db, channelId, page),
    message: (messageId) => message(db, messageId),
  };
}
