import { z } from "zod";
import { customStatus, ownProfile } from "./own-profile.ts";
import { profileLimits } from "./profile-limits.ts";
import { avatarColor, id, isoTime, reactionEmoji, title, uncleaned, user } from "./model.ts";

/** Some lines, which clients show with the marks of messages that stay within a line; empty: none. */
const aboutText = z
  .string()
  .trim()
  .max(profileLimits.aboutLength)
  .regex(/^(?:[^\p{Cc}\p{Cs}]|\n)*$/u, "must not hold control characters")
  .refine(
    (text) => text.split("\n").length <= profileLimits.aboutLines,
    `must have at most ${profileLimits.aboutLines} lines`,
  );

/** One line, or empty. */
const line = (maxLength: number) => z.union([z.literal(""), uncleaned(maxLength).pipe(title(maxLength))]);

/** What people set of their profiles. */
export const profileFields = {
  about: aboutText,
  pronouns: line(profileLimits.pronounsLength),
  /** Null: the colour of the avatar. */
  banner_color: avatarColor.nullable(),
};

/** `duration_s`: seconds until it ends by itself; null: it stays. */
export const customStatusBody = z
  .object({
    emoji: reactionEmoji.nullable().default(null),
    text: line(profileLimits.statusLength).default(""),
    duration_s: z.number().int().min(1).max(profileLimits.statusSeconds).nullable().default(null),
  })
  .refine(({ emoji, text }) => emoji !== null || text !== "", "must have an emoji or a text");

/** Somebody as the caller, who sees them, may know them. */
export const profile = ownProfile.extend({
  user,
  created_at: isoTime,
  /** Ids of servers of which both are members, in the order in which the caller joined them. */
  mutual_servers: z.array(id),
  /** Friends of both, by name; at most `profileLimits.mutualFriends`. */
  mutual_friends: z.array(user),
  mutual_friend_count: z.number().int().nonnegative(),
  /** For administrators of the instance only: also of somebody who is not online. */
  custom_status: customStatus.optional(),
});

/** What administrators of the instance can take away from a profile. */
export const profilePart = z.enum(["picture", "banner", "about", "pronouns", "status"]);

export type CustomStatusBody = z.input<typeof customStatusBody>;
export type Profile = z.infer<typeof profile>;
export type ProfilePart = z.infer<typeof profilePart>;
