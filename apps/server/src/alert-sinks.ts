import type { Config } from "./config.ts";
import type { DomainContext } from "./domain/context.ts";
import { writeAsAdmin } from "./domain/messages/write-as-admin.ts";
import type { Announcement } from "./monitoring/analysis/incident-log.ts";
import { webhookSink, type AlertSink } from "./monitoring/analysis/announcer.ts";

/** Everybody who is told of incidents and weeks, as the settings say. */
export function alertSinks(
  { alertWebhook, alertChannel }: Pick<Config, "alertWebhook" | "alertChannel">,
  context: Pick<DomainContext, "store" | "rates" | "clock" | "automod" | "presence" | "previews">,
): AlertSink[] {
  return [
    ...(alertWebhook === undefined ? [] : [webhookSink(alertWebhook)]),
    ...(alertChannel === undefined ? [] : [channelSink(alertChannel, context)]),
  ];
}

function channelSink(
  channelId: number,
  context: Pick<DomainContext, "store" | "rates" | "clock" | "automod" | "presence" | "previews">,
): AlertSink {
  return {
    name: "channel",
    send: (announcement, content) => writeAsAdmin(context, channelId, { key: keyOf(announcement), content }),
  };
}

/** The same announcement is written once. */
function keyOf(announcement: Announcement): string {
  if (announcement.event === "week") return `week-${announcement.summary.until}`;
  return `incident-${announcement.event}-${announcement.incident.id}`;
}
