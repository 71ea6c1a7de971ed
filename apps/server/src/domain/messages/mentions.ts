import { mentionPattern } from "@miscord/protocol";
import { usernameKey } from "../accounts/username-key.ts";

const code = /```[\s\S]*?```|`[^`\n]*`/g;
/** Nobody means more people than this by name; a longer list is an attempt to make us work. */
const maxNames = 50;

export interface Mentions {
  /** Folded like `users.username_key`. */
  mentionNames: string[];
  mentionsEveryone: boolean;
}

/** Who a text addresses with `@`. Code is quoted, not addressed to anybody. */
export function parseMentions(content: string): Mentions {
  const names = new Set<string>();
  for (const [, name] of content.replace(code, " ").matchAll(mentionPattern)) names.add(usernameKey(name!));
  const mentionsEveryone = names.delete("everyone");
  return { mentionNames: [...names].slice(0, maxNames), mentionsEveryone };
}
