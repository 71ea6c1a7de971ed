import { embedLimits, embedText, limits, type Embed } from "@miscord/protocol";
import { webhookName } from "@miscord/protocol/schemas";
import { z } from "zod";

/** Discord writes ids as strings; those of this instance are below 2^53. */
const snowflake = z.union([z.string().regex(/^\d{1,20}$/), z.number().int().nonnegative()]).transform((value) => {
  const number = Number(value);
  return Number.isSafeInteger(number) ? number : 0;
});
const hourS = 3_600;
/** Of `flags`: what the text links to is not previewed. */
const suppressEmbeds = 4;
const ids = z.array(snowflake).max(100);

/** Null and absent are the same in Discord's bodies. */
const optional = <Schema extends z.ZodType>(schema: Schema) =>
  schema.nullish().transform((value) => value ?? undefined);
const text = (length: number) => optional(z.string().max(length));

const link = optional(
  z
    .string()
    .max(embedLimits.address)
    .refine((value) => /^https?:\/\/[^\s]+$/i.test(value) && URL.canParse(value), "Not a well formed URL."),
);
/** Of a picture: also one of the files of the same request, which is shown as a file. */
const picture = optional(
  z
    .object({ url: text(embedLimits.address) })
    .transform(({ url }) => (url && /^https?:\/\//i.test(url) && URL.canParse(url) ? { url } : undefined)),
);

const embed = z
  .object({
    title: text(embedLimits.title),
    description: text(embedLimits.description),
    url: link,
    color: optional(z.coerce.number().int().min(0).max(0xffffff)),
    timestamp: optional(
      z
        .string()
        .max(40)
        .refine((value) => !Number.isNaN(Date.parse(value)), "Not a time."),
    ),
    author: optional(z.object({ name: z.string().max(embedLimits.author), url: link })),
    footer: optional(z.object({ text: z.string().max(embedLimits.footer) })),
    image: picture,
    thumbnail: picture,
    fields: optional(
      z
        .array(
          z.object({
            name: z.string().max(embedLimits.fieldName),
            value: z.string().max(embedLimits.fieldValue),
            inline: optional(z.boolean()),
          }),
        )
        .max(embedLimits.fields),
    ),
  })
  .transform(({ timestamp, ...rest }) => withoutEmpty({ ...rest, timestamp: timestamp && isoOf(timestamp) }));

const embeds = z
  .array(embed)
  .max(embedLimits.perMessage)
  .refine((all) => all.reduce((sum, one) => sum + lengthOf(one), 0) <= embedLimits.total, {
    message: `Embed size exceeds maximum size of ${embedLimits.total}`,
  })
  .transform((all) => all.filter((one) => embedText(one) !== ""));

const allowedMentions = z.object({
  parse: z
    .array(z.enum(["roles", "users", "everyone"]))
    .max(3)
    .default([]),
  roles: optional(ids),
  users: optional(ids),
});

/** Of a poll: the text without which Discord shows nothing. */
const pollText = (length: number) => z.object({ text: z.string().trim().min(1).max(length) });
/** With an emoji of Unicode before the text, where there is room for it; emoji of servers of Discord are not here. */
const pollAnswer = pollText(limits.pollAnswerLength)
  .extend({ emoji: optional(z.object({ name: optional(z.string().max(64)) })) })
  .transform(({ text: words, emoji: { name = "" } = {} }) => {
    const whole = `${name} ${words}`;
    return /^\p{RGI_Emoji}$/v.test(name) && whole.length <= limits.pollAnswerLength ? whole : words;
  });
const poll = z
  .object({
    question: pollText(limits.pollAnswerLength * 3),
    answers: z
      .array(z.object({ poll_media: pollAnswer }))
      .min(2)
      .max(limits.pollAnswers),
    duration: optional(
      z
        .number()
        .int()
        .min(1)
        .max(limits.pollSeconds / hourS),
    ),
    allow_multiselect: optional(z.boolean()),
  })
  .transform(({ question, answers, duration = 24, allow_multiselect: multiple = false }) => ({
    question: question.text,
    answers: answers.map(({ poll_media: answer }) => answer),
    multiple,
    anonymous: false,
    duration_s: duration * hourS,
  }))
  .refine(({ answers }) => new Set(answers).size === answers.length, "Each answer can be there once.");

/** What programs post to a webhook of Discord. What has no place here, such as components, is passed over. */
export const executeBody = z.object({
  content: optional(z.string().max(limits.messageLength)),
  username: optional(webhookName),
  avatar_url: z
    .literal("")
    .transform(() => undefined)
    .or(link),
  embeds: optional(embeds),
  allowed_mentions: optional(allowedMentions),
  poll: optional(poll),
  flags: optional(z.number().int()).transform((flags = 0) => (flags & suppressEmbeds) !== 0),
  thread_name: z.null({ error: "A thread is made by people." }).optional(),
});
export const editBody = executeBody.pick({ allowed_mentions: true }).extend({
  content: z.string().max(limits.messageLength).nullish(),
  embeds: embeds.nullish(),
});
export const webhookQuery = z.object({
  wait: z
    .enum(["true", "false", "1", "0"])
    .default("false")
    .transform((value) => value === "true" || value === "1"),
  thread_id: snowflake.optional(),
});
export const ownPatch = z.object({ name: optional(webhookName) });

function isoOf(time: string): string {
  return new Date(time).toISOString();
}

/** JSON has no undefined; an embed is compared with what is stored. */
function withoutEmpty(parts: Record<string, unknown>): Embed {
  return JSON.parse(JSON.stringify(parts)) as Embed;
}

/** As Discord counts it. */
function lengthOf({ title, description, author, footer, fields = [] }: Embed): number {
  const texts = [title, description, author?.name, footer?.text, ...fields.flatMap(({ name, value }) => [name, value])];
  return texts.reduce((sum, one) => sum + (one?.length ?? 0), 0);
}
