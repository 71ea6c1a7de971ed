import { z } from "zod";
import { customEmoji } from "./emojis.ts";
import { serverSound } from "./sounds.ts";
import { limits } from "./limits.ts";
import { retention } from "./retention.ts";
import { id, seq, isoTime, role, notificationSetting, channelState, voiceState } from "./model.ts";

/** Seconds after the last message until a thread is archived by itself: an hour, a day, three days, a week. */
export const archiveAfter = z.union([z.literal(3_600), z.literal(86_400), z.literal(259_200), z.literal(604_800)]);

/**
 * A channel inside of a text channel or a forum, its parent, whose rights it has; in a forum it is a post. Archived: nobody has
 * written for long, or by hand.
 */
export const thread = z.object({
  id,
  server_id: id,
  parent_id: id,
  type: z.literal("thread"),
  name: z.string(),
  /** Who created it. */
  owner_id: id,
  /** The message of the parent that it was started from. */
  message_id: id.nullable(),
  created_at: isoTime,
  archive_after_s: archiveAfter,
  archived: z.boolean(),
  /** Only those who manage threads write in it. */
  locked: z.boolean(),
  /** Of a post only: ids of tags of its forum, ascending. */
  tags: z.array(id).optional(),
  /** Of a post only: it is at the top of its forum's list. */
  pinned_at: isoTime.optional(),
});

/** A thread with the caller's read position. */
export const threadState = thread.extend({
  is_following: z.boolean(),
  last_message_seq: seq,
  read_seq: seq,
  /** As in `ChannelState`. */
  read_generation: seq.optional(),
  mention_count: z.number().int().nonnegative(),
  /** Absent when everything is inherited, from the parent first. */
  notifications: notificationSetting.optional(),
});

/** A thread in the list of its parent. */
export const listedThread = threadState.extend({
  message_count: z.number().int().nonnegative(),
  /** When it was created, written in, or taken out of the archive last. */
  active_at: isoTime,
});

/** Until it ends nobody joins the server, and members who joined at or after `since` may only read, as in a time out. */
export const raidMode = z.object({ since: isoTime, until: isoTime });

const waitMinutes = z.number().int().min(0).max(limits.verificationMinutes);

/**
 * What is asked of members before they write: minutes since the account was made and since they joined (0: none), and rules
 * that they accept (empty: none). Not of the owner, administrators of the instance, and members with a role.
 */
export const verification = z.object({
  account_minutes: waitMinutes,
  member_minutes: waitMinutes,
  rules: z
    .string()
    .trim()
    .max(limits.rulesLength)
    .regex(/^[^\p{Cs}\0]*$/u, "must not hold control characters"),
});

export const server = z.object({
  id,
  name: z.string(),
  owner_id: id,
  created_at: isoTime,
  /** The role that every member has. */
  everyone_role_id: id,
  /** Null, or with an end in the past: none. */
  raid_mode: raidMode.nullable(),
  /** Null: nothing is asked. */
  verification: verification.nullable(),
  /** Null: the server has no rule of its own. */
  retention: retention.nullable(),
  /** Who joins at this time or later meets the onboarding; null: there is none. */
  onboarding_since: isoTime.nullable(),
  /** What the discovery page says of the server, and whether it is on it, as those who manage the server wish. */
  description: z.string(),
  is_public: z.boolean(),
  /** Administrators of the instance keep it off the discovery page. */
  is_unlisted: z.boolean(),
  /** Null: none. */
  icon_url: z.string().nullable(),
  /** Permissions to moderate do not count for members without a second factor. */
  factor_required: z.boolean(),
  /** Whether pages that messages link to are read for previews; absent on older servers. */
  link_previews: z.boolean().optional(),
});
export const serverState = server.extend({
  /** Those that the caller sees. */
  channels: z.array(channelState),
  /** Those that the caller follows and that are not archived; absent on older servers. */
  threads: z.array(threadState).optional(),
  roles: z.array(role),
  /** Ascending by their ids; absent on older servers. */
  emojis: z.array(customEmoji).optional(),
  /** The same. */
  stickers: z.array(customEmoji).optional(),
  /** The same. */
  sounds: z.array(serverSound).optional(),
  /** Roles of the caller besides the base role. */
  role_ids: z.array(id),
  /** Until then the caller may only read; null, or in the past: no time out. */
  timed_out_until: isoTime.nullable(),
  /** When the caller joined. */
  joined_at: isoTime,
  /** Whether the caller has accepted the rules. */
  rules_accepted: z.boolean(),
  /** Whether the caller has answered the onboarding, or skipped it. */
  onboarded: z.boolean(),
  member_count: z.number().int().nonnegative(),
  /** Participants of the server's voice channels, in the order in which they joined. */
  voice_states: z.array(voiceState),
  /** Absent when everything is inherited. */
  notifications: notificationSetting.optional(),
});

export type Thread = z.infer<typeof thread>;
export type ThreadState = z.infer<typeof threadState>;
export type ListedThread = z.infer<typeof listedThread>;
export type Verification = z.infer<typeof verification>;
export type RaidMode = z.infer<typeof raidMode>;
export type Server = z.infer<typeof server>;
export type ServerState = z.infer<typeof serverState>;
