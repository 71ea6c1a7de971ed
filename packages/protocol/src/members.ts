import { z } from "zod";
import { customStatus } from "./own-profile.ts";
import { limits } from "./limits.ts";
import { id, member, status } from "./model.ts";

/** A part of a member list by its number; 0 has the first `limits.membersPage` members. */
export const membersPageNumber = z.number().int().nonnegative().max(1_000_000);

/**
 * A page of a server's member list: present members by the highest of their roles that is listed separately, then the other
 * present ones, then the others; in each group by name. `groups` are those of the whole list that are not empty, in their
 * order: `id` is a role, or `online` or `offline`.
 */
export const memberListPage = z.object({
  page: membersPageNumber,
  groups: z.array(z.object({ id: z.union([id, z.enum(["online", "offline"])]), count: z.number().int().positive() })),
  rows: z.array(z.object({ id, status, custom_status: customStatus.optional() })),
});

/** What of the member list of a server a connection shows. */
export const membersInSight = z.object({
  server_id: id,
  pages: z.array(membersPageNumber).max(limits.membersPagesInSight),
});

/**
 * At most one of the fields: some members by their ids, those whose name has the text (the best first), those who joined since
 * then (the latest first), or a page of the list with its members. Without any: all members.
 */
export const membersQuery = z.object({
  ids: z
    .string()
    .max(2_000)
    .transform((text) => text.split(",").map(Number))
    .pipe(z.array(id).max(limits.membersPage))
    .optional(),
  query: z.string().max(limits.displayNameLength).optional(),
  joined_since: z.iso.datetime().optional(),
  page: z.coerce.number().pipe(membersPageNumber).optional(),
});

export const membersAnswer = z.object({ members: z.array(member), list: memberListPage.optional() });

export type MemberListPage = z.infer<typeof memberListPage>;
/** What others see of whether somebody is there. */
export type SeenPresence = Omit<MemberListPage["rows"][number], "id">;
export type MemberListGroup = MemberListPage["groups"][number];
export type MembersInSight = z.infer<typeof membersInSight>;
export type MembersQuery = z.output<typeof membersQuery>;
export type MembersAnswer = z.infer<typeof membersAnswer>;
