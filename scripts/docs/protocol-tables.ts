import { z } from "zod";
import { closeCodes, errorTable, recoveryOf, retries } from "../../packages/protocol/src/index.ts";
import { permissionBits } from "../../packages/rights/src/index.ts";
import * as schemas from "../../packages/protocol/src/schemas.ts";
import { table } from "./table.ts";

type Json = { [key: string]: unknown; maxLength?: number; properties?: Record<string, Json>; required?: string[] };

export const protocolTables: Record<string, () => string> = {
  commands: () => frames([schemas.mainCommand]),
  channelEvents: () => frames(schemas.channelEvents),
  transientEvents: () => frames(schemas.transientEvents),
  serverEvents: () => frames(schemas.serverEvents),
  visibilityEvents: () => frames(schemas.visibilityEvents),
  forumEvents: () => frames(schemas.forumEvents),
  userEvents: () => frames(schemas.userEvents),
  connectionEvents: () => frames(schemas.connectionEvents),
  voiceCommands: () => frames([schemas.voiceCommand]),
  voiceEvents: () => frames(schemas.voiceEvents),
  legacyChatCommands: () => frames([schemas.legacyChatCommand]),
  legacyChatEvents: () => frames(schemas.legacyChatEvents),
  legacyNotificationsCommands: () => frames([schemas.legacyNotificationsCommand]),
  legacyNotificationsEvents: () => frames(schemas.legacyNotificationsEvents),
  legacyVoiceCommands: () => frames([schemas.legacyVoiceCommand]),
  legacyVoiceEvents: () => frames(schemas.legacyVoiceEvents),
  message: () => object(schemas.message),
  notification: () => object(schemas.notification),
  shapes: () =>
    table(
      ["name", "fields"],
      shapes.map(([name, schema]) => [`\`${name}\``, fieldsOf(schema)]),
    ),
  permissions: () =>
    table(
      ["bit", "name", "value"],
      Object.entries(permissionBits).map(([name, value]) => [Math.log2(value), `\`${upperCase(name)}\``, value]),
    ),
  errors: () =>
    table(
      ["code", "HTTP", "close", "try again"],
      Object.entries(errorTable).map(([code, row]) => [
        `\`${code}\``,
        row.status,
        row.close,
        retries[code as keyof typeof retries].replace("_", " "),
      ]),
    ),
  closes: () =>
    table(
      ["code", "name", "the client"],
      Object.entries(closeCodes).map(([name, code]) => {
        const { recovery, delayMs } = recoveryOf(code);
        return [code, name, delayMs ? `${recovery}, after ${delayMs / 1000} s` : recovery];
      }),
    ),
};

function frames(members: readonly z.ZodType[]): string {
  const rows = members
    .flatMap((member) => variants(json(member)))
    .map((frame) => {
      const { type, ref: _, ...fields } = frame.properties ?? {};
      return [`\`${String(type?.["const"])}\``, describeFields(fields, frame.required ?? [])];
    });
  return table(["type", "fields"], rows);
}

/** `VIEW_CHANNEL` of `viewChannel`, as Discord writes it. */
function upperCase(name: string): string {
  return name.replaceAll(/[A-Z]/g, (letter) => `_${letter}`).toUpperCase();
}

function variants(schema: Json): Json[] {
  const options = (schema["oneOf"] ?? schema["anyOf"]) as Json[] | undefined;
  return options ? options.flatMap(variants) : [schema];
}

function object(schema: z.ZodType): string {
  const { properties = {}, required = [] } = json(schema);
  const rows = Object.entries(properties).map(([name, field]) => [
    `\`${name}\`${required.includes(name) ? "" : "?"}`,
    typeName(field),
  ]);
  return table(["field", "value"], rows);
}

function fieldsOf(schema: z.ZodType): string {
  const { properties = {}, required = [] } = json(schema);
  return describeFields(properties, required);
}

function describeFields(fields: Record<string, Json>, required: string[]): string {
  return Object.entries(fields)
    .map(([name, field]) => `\`${name}${required.includes(name) ? "" : "?"}\`: ${typeName(field)}`)
    .join(", ");
}

/** Those that others are made of. */
const shapes = Object.entries({
  User: schemas.user,
  Me: schemas.me,
  Member: schemas.member,
  CustomStatus: schemas.customStatus,
  Profile: schemas.profile,
  Server: schemas.server,
  ServerState: schemas.serverState,
  Role: schemas.role,
  Override: schemas.override,
  Channel: schemas.channel,
  ChannelState: schemas.channelState,
  Thread: schemas.thread,
  ThreadState: schemas.threadState,
  ListedThread: schemas.listedThread,
  ForumSettings: schemas.forumSettings,
  ListedPost: schemas.listedPost,
  VoiceState: schemas.voiceState,
  Attachment: schemas.attachment,
  Reaction: schemas.reaction,
  ReplyPreview: schemas.replyPreview,
  VoiceParticipant: schemas.voiceParticipant,
  NotificationSetting: schemas.notificationSetting,
  CustomEmoji: schemas.customEmoji,
  Sticker: schemas.sticker,
  ServerSound: schemas.serverSound,
  AuditEntry: schemas.auditEntry,
  Report: schemas.report,
});

const named = new Map<string, string>(
  Object.entries({
    ...Object.fromEntries(shapes),
    Message: schemas.message,
    Notification: schemas.notification,
    ErrorCode: schemas.errorCode,
    LegacyMessage: schemas.legacyMessage,
    LegacyReaction: schemas.legacyReaction,
    LegacyUser: schemas.legacyUser,
  }).map(([name, schema]) => [JSON.stringify(json(schema)), name]),
);

function typeName(field: Json): string {
  const name = named.get(JSON.stringify(field));
  if (name) return name;
  const options = (field["anyOf"] ?? field["oneOf"]) as Json[] | undefined;
  if (options) return options.map(typeName).join(" or ");
  if (Array.isArray(field["enum"])) return field["enum"].map((value) => `\`${String(value)}\``).join(" or ");
  if (field["type"] === "array") return `[${typeName(field["items"] as Json)}]`;
  if (field.properties) return `{ ${describeFields(field.properties, field.required ?? [])} }`;
  if (field["type"] === "object") return `{ key: ${typeName(field["additionalProperties"] as Json)} }`;
  return [field["type"]].flat().join(" or ") + (field.maxLength ? ` of at most ${field.maxLength}` : "");
}

function json(schema: z.ZodType): Json {
  const { $schema: _, ...rest } = z.toJSONSchema(schema, { unrepresentable: "any", io: "output" });
  return stripPatterns(rest) as Json;
}

/** Regular expressions and closed-object marks say nothing to a reader of the page. */
function stripPatterns(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(stripPatterns);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .filter(([key, inner]) => key !== "pattern" && !(key === "additionalProperties" && inner === false))
      .map(([key, inner]) => [key, stripPatterns(inner)]),
  );
}
