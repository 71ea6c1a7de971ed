import type { Retention } from "@miscord/protocol";
import { chunks } from "../../chunks.ts";
import { expiredFiles, type ExpiredFile } from "../../store/queries/retention.ts";
import { removeFiles } from "../attachments/remove-files.ts";
import type { DomainContext } from "../context.ts";
import type { Turn } from "./turn.ts";

type Context = Pick<DomainContext, "store" | "clock" | "storage">;

const filesAtOnce = 20;
/** By one query: a rule may have few to remove among all files of the instance. */
const lookedAtOnce = 1_000;

/** Removes large old files from their messages, which stay and say so. Resolves with the number of the files. */
export async function expireFiles(context: Context, turn: Turn, instance: Retention): Promise<number> {
  const { store, clock } = context;
  let removed = 0;
  let after = 0;
  for (;;) {
    const look = () => expiredFiles(store.db, instance, { now: clock.now(), after, limit: lookedAtOnce });
    const { files, last } = after === 0 ? await look() : await turn.share(look);
    for (const some of chunks(files, filesAtOnce)) {
      if (!turn.goesOn()) return removed;
      removed += await turn.share(() => removeAll(context, some));
    }
    if (last === null || !turn.goesOn()) return removed;
    after = last;
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
