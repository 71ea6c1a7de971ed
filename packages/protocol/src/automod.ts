import { z } from "zod";
import { automodLimits } from "./automod-limits.ts";
import { id, message, title } from "./model.ts";

const text = (length: number) =>
  z
    .string()
    .trim()
    // Some of what follows takes a time that grows with the square of the length.
    .max(length, { abort: true })
    .regex(/^[^\p{Cs}\0]*$/u, "must not hold control characters");

/** A word, a phrase, or with `*` at an end a part of words: `cat*`, `*cat`, `*cat*`. */
const word = text(automodLimits.wordLength).regex(
  /^\*?[^*]*[\p{L}\p{N}][^*]*\*?$/u,
  "must hold a letter or digit, and * at its ends only",
);
const domain = text(automodLimits.domainLength)
  .toLowerCase()
  .regex(/^[\p{L}\p{N}][\p{L}\p{M}\p{N}.-]*\.[\p{L}\p{N}-]{2,}$/u, "must be a domain such as example.com");
const domains = z.array(domain).max(automodLimits.domains);

/** What the rule watches for. */
export const automodTrigger = z.discriminatedUnion("kind", [
  z.object({
    kind: z.literal("words"),
    words: z.array(word).min(1).max(automodLimits.words),
    /** Never meet the rule, though something in `words` is part of them. */
    allowed: z.array(word).max(automodLimits.allowedWords).default([]),
    /** Whole words in any of their forms. */
    forms: z.boolean().default(true),
  }),
  z.object({
    kind: z.literal("links"),
    /** `only`: links to the domains meet the rule; `except`: all others do. Subdomains are included. */
    mode: z.enum(["only", "except"]),
    domains: domains.default([]),
    /** Only of accounts younger than this; 0: of all. */
    account_age_days: z.number().int().min(0).max(365).default(0),
  }),
  /** Invites of this instance and of other services, except those whose address holds something of `allowed`. */
  z.object({
    kind: z.literal("invites"),
    allowed: z.array(text(automodLimits.domainLength).min(3)).max(50).default([]),
  }),
  /** More different people than `most` in one message; `@everyone` counts as one. */
  z.object({ kind: z.literal("mentions"), most: z.number().int().min(1).max(50) }),
  z.object({
    kind: z.literal("repeats"),
    /** The same text so many times within `window_s` seconds, in any channels of the server. */
    times: z.number().int().min(2).max(20),
    window_s: z.number().int().min(5).max(3_600),
    /** The same words so many times in one message. */
    in_message: z.number().int().min(3).max(100),
  }),
  z.object({
    kind: z.literal("capitals"),
    /** Share of capitals among the letters that met the rule, in a message with at least `letters` of them. */
    percent: z.number().int().min(50).max(100),
    letters: z.number().int().min(5).max(500),
  }),
  z.object({ kind: z.literal("emoji"), most: z.number().int().min(1).max(200) }),
]);

const fields = {
  name: title(automodLimits.nameLength),
  enabled: z.boolean(),
  trigger: automodTrigger,
  /** What the author of a blocked message is told. */
  message: text(automodLimits.messageLength).min(1),
  actions: z.object({
    /** The message or edit is refused. */
    block: z.boolean().default(false),
    /** The message is deleted after it was sent or edited. Means nothing beside `block`. */
    delete: z.boolean().default(false),
    /** A message about it goes into this channel. */
    alert_channel_id: id.nullable().default(null),
    /** The author is timed out for so many seconds; 0: not at all. */
    timeout_s: z.number().int().min(0).max(automodLimits.timeoutSeconds).default(0),
  }),
  /** Also names: when one is set, and with each message of whoever has one. */
  checks_names: z.boolean(),
  exempt_role_ids: z.array(id).max(automodLimits.exemptRoles),
  exempt_channel_ids: z.array(id).max(automodLimits.exemptChannels),
};
export const automodRuleBody = z.object({
  ...fields,
  enabled: fields.enabled.default(true),
  checks_names: fields.checks_names.default(false),
  exempt_role_ids: fields.exempt_role_ids.default([]),
  exempt_channel_ids: fields.exempt_channel_ids.default([]),
});
/** Fields that are absent stay as they are. */
export const automodRulePatch = z.object(fields).partial();
export const automodRule = automodRuleBody.extend({ id, server_id: id });

/** `cursor`: of the page before. */
export const automodDryRunBody = z.object({ rule: automodRuleBody, cursor: z.string().max(40).optional() });
export const automodDryRun = z.object({
  /** Messages of the last week that would have met the rule, where the caller can read them. */
  hits: z.array(
    z.object({
      message,
      /** What met the rule: a range of `message.content` in UTF-16 code units; null: the message as a whole. */
      match: z.object({ start: z.number().int(), end: z.number().int() }).nullable(),
    }),
  ),
  /** Messages that this page looked at. */
  checked: z.number().int(),
  /** Asks for the next page; null when there is none. */
  cursor: z.string().nullable(),
});

export type AutomodTrigger = z.infer<typeof automodTrigger>;
export type AutomodKind = AutomodTrigger["kind"];
export type AutomodRuleFields = z.infer<typeof automodRuleBody>;
export type AutomodRuleBody = z.input<typeof automodRuleBody>;
export type AutomodRulePatch = z.input<typeof automodRulePatch>;
export type AutomodRule = z.infer<typeof automodRule>;
export type AutomodDryRun = z.infer<typeof automodDryRun>;
export type AutomodHit = AutomodDryRun["hits"][number];
