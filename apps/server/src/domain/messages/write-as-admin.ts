import { AppError } from "../../errors.ts";
import { firstAdmin } from "../../store/queries/users.ts";
import type { DomainContext } from "../context.ts";
import { sendMessage } from "./send-message.ts";

/**
 * Writes into the channel in the name of the instance's first administrator, who must be able to write there. The same
 * key writes nothing twice.
 *
 * @throws AppError `not_found` without an administrator or channel
 */
export async function writeAsAdmin(
  context: Pick<DomainContext, "store" | "rates" | "clock" | "automod" | "presence" | "previews">,
  channelId: number,
  { key, content }: { key: string; content: string },
): Promise<void> {
  const admin = await firstAdmin(context.store.db);
  if (!admin) throw new AppError("not_found", "There is no administrator yet.");
  await sendMessage(context, { userId: admin.id }, { channelId, content, nonce: key });
}
