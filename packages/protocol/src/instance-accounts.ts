import { z } from "zod";
import { limits } from "./limits.ts";
import { id, isoTime, user } from "./model.ts";

/** `search`: a part of the username or the display name. `before`: the id of an account. */
export const accountQuery = z.object({
  search: z.string().trim().max(limits.displayNameLength).default(""),
  before: z.coerce.number().pipe(id).optional(),
  limit: z.coerce.number().int().min(1).max(limits.pageSizeMax).default(limits.pageSize),
});

/** An account as administrators of the instance see it. */
export const instanceAccount = user.extend({
  created_at: isoTime,
  /** The latest use of a session; null when all have expired. */
  last_seen_at: isoTime.nullable(),
  /** Live sessions. */
  sessions: z.number().int(),
  /** Servers of which the user is a member. */
  servers: z.number().int(),
  is_admin: z.boolean(),
  /** Since when nobody can log in; null: not disabled. */
  disabled_at: isoTime.nullable(),
});

export const accountPage = z.object({ accounts: z.array(instanceAccount), has_more: z.boolean() });

export type InstanceAccount = z.infer<typeof instanceAccount>;
export type AccountPage = z.infer<typeof accountPage>;
