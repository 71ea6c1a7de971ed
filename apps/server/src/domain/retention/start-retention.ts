import { every } from "../../concurrency/every.ts";
import type { DomainContext } from "../context.ts";
import { expireFiles } from "./expire-files.ts";
import { expireMessages } from "./expire-messages.ts";
import { instanceRule } from "./instance-rule.ts";
import { createTurn } from "./turn.ts";

type Context = Pick<DomainContext, "store" | "clock" | "storage" | "cluster" | "settings">;

/** How long a message may be there after its time. */
const everyMs = 60_000;
const claimName = "retention";

export interface RetentionReport {
  readonly onRemoved: (removed: { messages: number; files: number }) => void;
  readonly onError: (error: unknown) => void;
}

/**
 * Removes what is older than it is kept, on one node of several: what one that is gone has left, the next one finds by the same
 * rules. Returns the function that stops it.
 */
export function startRetention(context: Context, { onRemoved, onError }: RetentionReport): () => void {
  let isStopped = false;
  const turn = createTurn(context, claimName, () => isStopped);
  const work = async () => {
    const { cluster } = context;
    if ((await cluster.claim(claimName)) !== cluster.nodeId) return;
    const rule = await instanceRule(context);
    const messages = await expireMessages(context, turn, rule);
    const files = await expireFiles(context, turn, rule);
    if (messages > 0 || files > 0) onRemoved({ messages, files });
  };
  const stop = every(context.clock, { everyMs, work, onError });
  return () => {
    isStopped = true;
    stop();
  };
}
