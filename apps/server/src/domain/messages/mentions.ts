import { mentionsOf } from "@miscord/text";

export interface MentionFields {
  /** Folded like `users.username_key`. */
  mentionNames: readonly string[];
  mentionsEveryone: boolean;
}

/** The users that a text mentions, as fields of the command that stores it. */
export function mentionFields(content: string): MentionFields {
  const { names, everyone } = mentionsOf(content);
  return { mentionNames: names, mentionsEveryone: everyone };
}
