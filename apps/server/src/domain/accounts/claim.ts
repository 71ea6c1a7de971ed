import type { Me } from "@miscord/protocol";
import type { Kysely } from "kysely";
import { AppError } from "../../errors.ts";
import { hasAdmin, replaceAdminClaim, takeAdminClaim } from "../../store/queries/admin-claim.ts";
import type { Tables } from "../../store/schema.ts";
import { presentMe, updateUser } from "../../store/queries/users.ts";
import type { Actor, DomainContext } from "../context.ts";
import { publish } from "../publish.ts";
import { digest, newSecret } from "./secrets.ts";

const claimName = "admin-claim";
/** A node may start in the seconds in which what the nodes share reconnects. */
const claimAttempts = 20;
const claimAgainMs = 500;

type Context = Pick<DomainContext, "store" | "cluster" | "clock">;

/**
 * Creates a secret that makes its bearer the instance's administrator, once; null when there is an administrator
 * already, or another living node has created one. Only the digest is stored, so each start creates a new secret and
 * voids the previous one.
 */
export async function issueClaim(context: Context): Promise<string | null> {
  const { store, cluster } = context;
  if (await hasAdmin(store.db)) return null;
  if ((await issuingNode(context)) !== cluster.nodeId) return null;
  const secret = newSecret();
  await replaceAdminClaim(store.db, digest(secret));
  return secret;
}

async function issuingNode({ cluster, clock }: Context): Promise<string> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await cluster.claim(claimName);
    } catch (error) {
      if (attempt === claimAttempts) throw error;
      await new Promise<void>((resolve) => clock.setTimeout(resolve, claimAgainMs));
    }
  }
}

/**
 * Uses up the claim secret. Must run inside the transaction that makes the administrator, so that of two concurrent
 * claims one fails. Throws `forbidden` when the secret is wrong or used, or somebody became an administrator in another way since it
 * was printed: it stays in logs.
 */
export async function consumeClaim(db: Kysely<Tables>, secret: string): Promise<void> {
  if ((await takeAdminClaim(db, digest(secret))) && !(await hasAdmin(db))) return;
  throw new AppError("forbidden", "This link is not valid or was already used.");
}

/** Makes a user who is logged in the instance's administrator. Throws as `consumeClaim` does. */
export async function claimInstance(
  context: Pick<DomainContext, "store" | "bus" | "clock">,
  { userId }: Actor,
  secret: string,
): Promise<Me> {
  const user = await context.store.db.transaction().execute(async (db) => {
    await consumeClaim(db, secret);
    return updateUser(db, userId, { is_admin: 1 });
  });
  publish(context, `user:${userId}`, { type: "me_updated", user_id: userId });
  return presentMe(context.store.db, user, context.clock.now());
}
