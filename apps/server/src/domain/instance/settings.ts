import type { Announcement, AnnouncementBody, InstanceSettings, InstanceSettingsPatch } from "@miscord/protocol";
import { changesOf } from "../../store/queries/audit-log.ts";
import {
  instanceLog as logPage,
  recordInInstance,
  storeSetting,
  storedSettings,
} from "../../store/queries/instance.ts";
import { hasFactor } from "../../store/queries/second-factors.ts";
import { factorMissing, requireAdmin } from "../access.ts";
import type { Actor, DomainContext } from "../context.ts";
import type { LiveSettings } from "./live-settings.ts";

type Context = Pick<DomainContext, "store" | "clock" | "instance" | "rates">;

const nothingSet = {
  registration: null,
  server_creation: null,
  discovery: null,
  admin_factor: null,
  link_previews: null,
  max_upload_bytes: null,
  messages_per_second: null,
  message_days: null,
  file_days: null,
  file_mb: null,
} satisfies InstanceSettings["set"];

/** What is set, and what the environment of this node says. Throws `forbidden`. */
export async function instanceSettings(context: Context, actor: Actor): Promise<InstanceSettings> {
  await requireAdmin(context, actor);
  await context.instance.refresh();
  return presented(context.instance);
}

/** Takes effect on this node at once and on the others within a second or two. Throws `forbidden`, `factor_missing` or `rate_limited`. */
export async function changeInstanceSettings(
  context: Context,
  actor: Actor,
  patch: InstanceSettingsPatch,
): Promise<InstanceSettings> {
  const { store, clock, instance } = context;
  await requireAdminCommand(context, actor);
  await store.db.transaction().execute(async (db) => {
    await requireAdmin({ store: { db } }, actor);
    if (patch.admin_factor === "required" && !(await hasFactor(db, actor.userId))) throw factorMissing();
    const stored = await storedSettings(db);
    const before = Object.fromEntries(
      Object.keys(patch).map((name) => [name, JSON.parse(stored.get(name) ?? "null") as string | number | null]),
    );
    const changes = changesOf(before, patch);
    if (changes.length === 0) return;
    for (const { field, after } of changes) {
      await storeSetting(db, field, after === null ? null : JSON.stringify(after));
    }
    await recordInInstance(db, { actorId: actor.userId, action: "settings_update", changes, at: clock.now() });
  });
  await instance.refresh();
  return presented(instance);
}

/** Tells everybody, in place of what was told before. Throws `forbidden` or `rate_limited`. */
export async function setAnnouncement(
  context: Context,
  actor: Actor,
  { text, expires_in: expiresIn }: AnnouncementBody,
): Promise<Announcement> {
  const { store, clock, instance } = context;
  await requireAdminCommand(context, actor);
  const at = clock.now();
  const endsAt = expiresIn == null ? null : new Date(at + expiresIn * 1_000).toISOString();
  const announcement = { id: at, text, created_at: new Date(at).toISOString(), ends_at: endsAt };
  await store.db.transaction().execute(async (db) => {
    await requireAdmin({ store: { db } }, actor);
    const before = announcementIn(await storedSettings(db));
    await storeSetting(db, "announcement", JSON.stringify(announcement));
    const changes = changesOf(toldOf(before), toldOf(announcement));
    await recordInInstance(db, { actorId: actor.userId, action: "announcement_set", changes, at });
  });
  await instance.refresh();
  return announcement;
}

/** Does nothing where there is none. Throws `forbidden` or `rate_limited`. */
export async function endAnnouncement(context: Context, actor: Actor): Promise<void> {
  const { store, clock, instance } = context;
  await requireAdminCommand(context, actor);
  await store.db.transaction().execute(async (db) => {
    await requireAdmin({ store: { db } }, actor);
    const before = announcementIn(await storedSettings(db));
    if (!before) return;
    await storeSetting(db, "announcement", null);
    const changes = changesOf(toldOf(before), toldOf(null));
    await recordInInstance(db, { actorId: actor.userId, action: "announcement_end", changes, at: clock.now() });
  });
  await instance.refresh();
}

/** What administrators did, the newest first. Throws `forbidden`. */
export async function instanceLog(
  context: Context,
  actor: Actor,
  page: { before?: number | undefined; limit: number },
) {
  await requireAdmin(context, actor);
  return logPage(context.store.db, page);
}

/** For what administrators do to the whole instance; spends from the actor's rate of changes. */
export async function requireAdminCommand(context: Pick<Context, "store" | "rates">, actor: Actor): Promise<void> {
  await context.rates.changes.spend(actor.userId);
  await requireAdmin(context, actor);
}

function announcementIn(stored: ReadonlyMap<string, string>): Announcement | null {
  return JSON.parse(stored.get("announcement") ?? "null") as Announcement | null;
}

function toldOf(announcement: Announcement | null) {
  return { text: announcement?.text ?? null, ends_at: announcement?.ends_at ?? null };
}

function presented({ set, defaults, announcement }: LiveSettings): InstanceSettings {
  return { set: { ...nothingSet, ...set }, defaults, announcement };
}
