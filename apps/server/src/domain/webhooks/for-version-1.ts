import { contentWithEmbeds, type Message } from "@miscord/protocol";

/** The answer for a client of version 1, which knows neither webhooks nor embeds: each message in it, however deep, as a text under a name. */
export function withWebhookText<Value>(value: Value): Value {
  if (Array.isArray(value)) return value.map((entry: unknown) => withWebhookText(entry)) as Value;
  if (typeof value !== "object" || value === null) return value;
  const entries = Object.entries(value).map(([name, entry]) => [name, withWebhookText(entry)] as const);
  const copy: Record<string, unknown> = Object.fromEntries(entries);
  return (isOfWebhook(copy) ? asText(copy) : copy) as Value;
}

/** The same for one message. */
export function asText(message: Message): Message {
  const { embeds: _embeds, ...rest } = message;
  const { author } = message;
  return { ...rest, content: contentWithEmbeds(message), author: { ...author, username: author.display_name } };
}

function isOfWebhook(value: object): value is Message {
  return "author" in value && "content" in value && (value.author as Message["author"] | null)?.is_webhook === true;
}
