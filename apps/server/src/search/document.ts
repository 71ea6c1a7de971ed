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
  /** What it forwards. */
  readonly forwarded: string | null;
  /** Of a poll. */
  readonly answers: readonly string[];
  /** User ids. */
  readonly mentions: readonly number[];
  /** Of a conversation of two: their ids. */
  readonly people: readonly number[];
}

type SearchedTexts = Pick<SearchedMessage, "content" | "forwarded" | "answers" | "files">;

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
  const { channel_id, parent_id, server_id, author_id, mentions, people } = message;
  const stems = new Set(textsOf(message).flatMap((text) => [...stemsOf(withEmojiNames(text))]));
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

/** The texts whose words find a message: what it says, what it forwards, answers of a poll and names of files. */
export function textsOf({ content, forwarded, answers, files }: SearchedTexts): readonly string[] {
  return [content, forwarded ?? "", ...answers, ...files.map(({ filename }) => filename)];
}

/** What `has` finds in a message. */
export function attachedTo({ content, forwarded, files }: Omit<SearchedTexts, "answers">): Set<Attached> {
  const kinds = new Set<Attached>();
  for (const { content_type: type } of files) {
    kinds.add("file");
    if (type.startsWith("image/")) kinds.add("image");
    if (type.startsWith("video/")) kinds.add("video");
    if (type.startsWith("audio/")) kinds.add("sound");
  }
  if ([content, forwarded ?? ""].some(hasLink)) kinds.add("link");
  return kinds;
}

function hasLink(text: string): boolean {
  return /https?:\/\//i.test(text) && JSON.stringify(parseMessage(text)).includes('"type":"link"');
}
