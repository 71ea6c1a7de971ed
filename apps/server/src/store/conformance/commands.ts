import type { EditCommand, LogCommand, SendCommand } from "../contract.ts";

/** A `send` command of a plain message; `fields` override its defaults. */
export function sending(channelId: number, authorId: number, fields: Partial<SendCommand> = {}): SendCommand {
  return {
    kind: "send",
    authorId,
    channelId,
    content: "hello",
    nonce: null,
    replyToId: null,
    attachmentIds: [],
    mentionNames: [],
    mentionsEveryone: false,
    at: 1_700_000_000_000,
    ...fields,
  };
}

export function editing(messageId: number, actorId: number, content: string, mentionNames: string[] = []): EditCommand {
  return { kind: "edit", actorId, messageId, content, mentionNames, mentionsEveryone: false, at: 1_700_000_001_000 };
}

export function deleting(messageId: number, actorId: number): LogCommand {
  return { kind: "delete", actorId, messageId, at: 1_700_000_002_000 };
}

export function reacting(messageId: number, actorId: number, emoji: string, on = true): LogCommand {
  return { kind: "react", actorId, messageId, emoji, on, at: 1_700_000_003_000 };
}
