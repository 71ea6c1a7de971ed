import { parseMessage, withEmojiNames } from "@miscord/text";
import { stemsOf } from "./words.ts";

/** What is indexed of a message. */
export interface SearchedMessage {
  readonly id: number;
  readonly channel_id: number;
  readonly server_id: number | null;
  /** Of a thread: what is in it is found in its parent too. */
  readonly parent_id: number | null;
  readonly author_id: number;
  readonly content: string;
  readonly files: readonly { readonly filename: string; readonly content_type: string }[];
  /** User ids. */
  readonly mentions: readonly number[];
  /** Of a conversation of two: their ids. */
  readonly people: readonly number[];
}

export type Attached = "file" | "image" | "video" | "sound" | "link";

/** Terms for what is no word; no word has a colon. */
export const terms = {
  channel: (id: number) => `:c${id}`,
  server: (id: number) => `:s${id}`,
  /** Of any server. */
  servers: ":s",
  /** Of a conversation of this user and another one. */
  person: (id: number) => `:u${id}`,
  author: (id: number) => `:a${id}`,
  mention: (id: number) => `:m${id}`,
  has: (kind: Attached) => `:h${kind}`,
};

/** Terms of a message, each once, in a fixed order. */
export function termsOf(message: SearchedMessage): string[] {
  const { channel_id, parent_id, server_id, author_id, content, files, mentions, people } = message;
  const stems = stemsOf(withEmojiNames(content));
  for (const { filename } of files) for (const stemmed of stemsOf(filename)) stems.add(stemmed);
  return [
    ...stems,
    terms.channel(channel_id),
    ...(parent_id === null ? [] : [terms.channel(parent_id)]),
    ...(server_id === null ? people.map(terms.person) : [terms.servers, terms.server(server_id)]),
    terms.author(author_id),
    ...mentions.map(terms.mention),
    ...[...attachedTo(message)].map(terms.has),
  ];
}

/** What `has` finds in a message. */
export function attachedTo({ content, files }: Pick<SearchedMessage, "content" | "files">): Set<Attached> {
  const kinds = new Set<Attached>();
  for (const { content_type: type } of files) {
    kinds.add("file");
    if (type.startsWith("image/")) kinds.add("image");
    if (type.startsWith("video/")) kinds.add("video");
    if (type.startsWith("audio/")) kinds.add("sound");
  }
  if (/https?:\/\//i.test(content) && JSON.stringify(parseMessage(content)).includes('"type":"link"'))
    kinds.add("link");
  return kinds;
}
