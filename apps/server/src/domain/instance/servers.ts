import type { InstanceServerPage, InstanceServerQuery } from "@miscord/protocol";
import { Semaphore } from "../../concurrency/semaphore.ts";
import { instanceServers } from "../../store/queries/instance.ts";
import { requireAdmin } from "../access.ts";
import type { Actor, DomainContext } from "../context.ts";

/** Each page adds up all files of the instance. */
const atOnce = new Semaphore(1);

/** Servers of the instance with what they store; tells nothing of what is in them. Throws `forbidden`. */
export async function listInstanceServers(
  context: Pick<DomainContext, "store">,
  actor: Actor,
  query: InstanceServerQuery,
): Promise<InstanceServerPage> {
  await requireAdmin(context, actor);
  return atOnce.run(() => instanceServers(context.store.db, query));
}
