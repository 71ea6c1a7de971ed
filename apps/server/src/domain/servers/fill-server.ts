import type { ChannelType, Locale } from "@miscord/protocol";
import { bitsOf } from "@miscord/rights";
import type { Kysely } from "kysely";
import { newForum, type StoredForum } from "../../store/forum-settings.ts";
import { insertChannel, updateChannel } from "../../store/queries/channels.ts";
import { setForum } from "../../store/queries/posts.ts";
import { insertRole, putOverride, rolesOfServers } from "../../store/queries/roles.ts";
import type { Tables } from "../../store/schema.ts";
import { changedForum } from "./forum-settings.ts";
import type { ChannelTemplate, Template } from "./templates.ts";

interface NewServer {
  serverId: number;
  locale: Locale;
  now: number;
}

const writing = bitsOf("sendMessages", "createPublicThreads");

/** Makes the channels and roles of the template in a server that has only its base role. */
export async function fillServer(db: Kysely<Tables>, template: Template, server: NewServer): Promise<void> {
  const writerId = await insertRoles(db, template, server);
  const [everyone] = await rolesOfServers(db, [server.serverId]);
  let position = 0;
  const insert = async (channel: { name: string; type: ChannelType; categoryId?: number }) => {
    const { id } = await insertChannel(db, { ...server, ...channel, position });
    position += 1;
    return id;
  };
  for (const { name: categoryName, channels } of template.groups) {
    const category = categoryName && { name: categoryName[server.locale], type: "category" as const };
    const inCategory = category ? { categoryId: await insert(category) } : {};
    for (const { name: texts, type = "text", topic, isNews, tags } of channels) {
      const name = texts[server.locale];
      const id = await insert({ name, type, ...inCategory });
      const fields = { name, slow_mode_s: 0, category_id: inCategory.categoryId ?? null };
      if (topic) await updateChannel(db, id, { ...fields, topic: topic[server.locale] });
      if (tags) await setForum(db, id, forumWith(tags, server.locale));
      if (!isNews) continue;
      await putOverride(db, id, { type: "role", target_id: everyone!.id, allow: 0, deny: writing });
      if (writerId !== null) await putOverride(db, id, { type: "role", target_id: writerId, allow: writing, deny: 0 });
    }
  }
}

function forumWith(tags: NonNullable<ChannelTemplate["tags"]>, locale: Locale): StoredForum {
  const named = tags.map(({ name, emoji }) => ({ name: name[locale], emoji, moderated: false }));
  return changedForum(newForum, { tags: named });
}

/** Returns the id of the highest role, null without roles. */
async function insertRoles(
  db: Kysely<Tables>,
  { roles }: Template,
  { serverId, locale, now }: NewServer,
): Promise<number | null> {
  let highest: number | null = null;
  for (const { name, color, permissions } of roles) {
    const fields = { name: name[locale], color, permissions, hoist: true, mentionable: true };
    const { id } = await insertRole(db, serverId, fields, now);
    highest ??= id;
  }
  return highest;
}
