import { z } from "zod";

/** An emoji, a text, or both, beside somebody's name. Those that have ended are not sent. */
export const customStatus = z.object({
  /** Of Unicode, or of a server as a text names it; null: none. */
  emoji: z.string().nullable(),
  /** Empty: none. */
  text: z.string(),
  /** Null: it stays until it is replaced. */
  ends_at: z.string().nullable(),
});

/** What somebody says of themselves. */
export const ownProfile = z.object({
  about: z.string(),
  pronouns: z.string(),
  banner_url: z.string().nullable(),
  /** Where there is no banner; null: the colour of the avatar. */
  banner_color: z.string().nullable(),
});

export type CustomStatus = z.infer<typeof customStatus>;
export type OwnProfile = z.infer<typeof ownProfile>;
