import { foldName } from "@miscord/text";
import { membersById } from "../../store/queries/members.ts";
import type { WebhookRow } from "../../store/webhook-tables.ts";
import type { DomainContext } from "../context.ts";
import type { AllowedMentions } from "./execute.ts";

type Context = Pick<DomainContext, "store">;

/** Discord's `allowed_mentions`. */
interface Allowed {
  parse: readonly ("roles" | "users" | "everyone")[];
  roles?: readonly number[] | undefined;
  users?: readonly number[] | undefined;
}

const namedAtMost = 50;
const userMarks = /<@!?(\d{1,15})>/g;

/** Without the field everything that the text names is mentioned. Ids are those of members. */
export async function allowedMentionsOf(
  { store }: Context,
  { server_id: serverId }: WebhookRow,
  allowed: Allowed | undefined,
): Promise<AllowedMentions> {
  if (!allowed) return { everyone: true, names: null, roles: null };
  const { parse, roles = [], users = [] } = allowed;
  const named = parse.includes("users") ? [] : await membersById(store.db, serverId, users.slice(0, namedAtMost));
  return {
    everyone: parse.includes("everyone"),
    names: parse.includes("users") ? null : new Set(named.map(({ username }) => foldName(username))),
    roles: parse.includes("roles") ? null : new Set(roles),
  };
}

/** The text with `@name` in place of `<@id>`, for members of the server. */
export async function withNames(
  { store }: Context,
  { server_id: serverId }: WebhookRow,
  content: string,
): Promise<string> {
  const ids = [...new Set(Array.from(content.matchAll(userMarks), ({ 1: id }) => Number(id)))].slice(0, namedAtMost);
  if (ids.length === 0) return content;
  const names = new Map((await membersById(store.db, serverId, ids)).map(({ id, username }) => [id, username]));
  return content.replaceAll(userMarks, (mark, id: string) => {
    const name = names.get(Number(id));
    return name === undefined ? mark : `@${name}`;
  });
}
