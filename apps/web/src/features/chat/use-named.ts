import type { Message, User } from "@miscord/protocol";
import { useChat } from "./chat-context.ts";

/** The message with its author, and that of what it answers, under the names that they have in the server. */
export function useNamed(message: Message): Message {
  const { nameOf } = useChat();
  const named = (user: User): User => {
    const name = nameOf(user.id);
    return name === undefined || name === user.display_name ? user : { ...user, display_name: name };
  };
  const { reply_to: original } = message;
  const author = named(message.author);
  const repliedTo = original && named(original.author);
  if (author === message.author && repliedTo === (original?.author ?? null)) return message;
  return { ...message, author, reply_to: original && { ...original, author: repliedTo! } };
}
