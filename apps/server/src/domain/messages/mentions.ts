import { mentionPattern } from "@miscord/protocol";
import { usernameKey } from "../accounts/username-key.ts";

const code = /```[\s\S]*?```|`[^`\n]*`/g;
/** Names looked up per message: bounds the work that one message can cause. */
const maxNames = 50;

export interface Mentions {
  /** Folded like `users.username_key`. */
  mentionNames: string[];
  mentionsEveryone: boolean;
}

/** The users that a text mentions with `@`. Names inside code spans and code blocks do not count. */
export function parseMentions(content: string): Mentions {
  const names = new Set<string>();
  for (const [, name] of content.replace(code, " ").matchAll(mentionPattern)) names.add(usernameKey(name!));
  const mentionsEveryone = names.delete("everyone");
  return { mentionNames: [...names].slice(0, maxNames), mentionsEveryone };
}
