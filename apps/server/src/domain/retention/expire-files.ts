import type { Retention } from "@miscord/protocol";
import { expiredFiles, type ExpiredFile } from "../../store/queries/retention.ts";
import { removeFiles } from "../attachments/remove-files.ts";
import type { DomainContext } from "../context.ts";
import type { Turn } from "./turn.ts";

type Context = Pick<DomainContext, "store" | "clock" | "storage">;

const filesAtOnce = 20;

/** Removes large old files from their messages, which stay and say so. Resolves with the number of the files. */
export async function expireFiles(context: Context, turn: Turn, instance: Retention): Promise<number> {
  const { store, clock } = context;
  let removed = 0;
  let after = 0;
  for (;;) {
    const page = { now: clock.now(), after, limit: filesAtOnce };
    const found = await expiredFiles(store.db, instance, page);
    const last = found.at(-1);
    if (!last || !turn.goesOn()) return removed;
    removed += await turn.share(() => removeAll(context, found));
    if (found.length < filesAtOnce) return removed;
    after = last.id;
  }
}

async function removeAll(context: Context, found: readonly ExpiredFile[]): Promise<number> {
  const { store, clock } = context;
  const outcomes = await Promise.all(
    [...Map.groupBy(found, (file) => file.message_id)].map(([messageId, files]) =>
      store.log.commit({
        kind: "expire_files",
        actorId: files[0]!.author_id,
        messageId,
        attachmentIds: files.map(({ id }) => id),
        at: clock.now(),
      }),
    ),
  );
  const keys = outcomes.flatMap((outcome) => (outcome.ok ? outcome.removedFiles : []));
  await removeFiles(context, keys);
  return keys.length;
}
