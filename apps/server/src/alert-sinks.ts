import type { Config } from "./config.ts";
import type { DomainContext } from "./domain/context.ts";
import { tellAdmins, type AdminChannel } from "./domain/instance/tell-admins.ts";
import { writeAsAdmin } from "./domain/messages/write-as-admin.ts";
import type { Announcement } from "./monitoring/analysis/incident-log.ts";
import type { ToldAlert } from "./store/push-tables.ts";
import { textOf, webhookSink, type AlertSink } from "./monitoring/analysis/announcer.ts";

/** Everybody who is told of incidents and weeks, as the settings say. */
export function alertSinks(
  { alertWebhook, alertChannel, alertAdmins }: Pick<Config, "alertWebhook" | "alertChannel" | "alertAdmins">,
  context: Pick<DomainContext, "store" | "rates" | "clock" | "automod" | "presence" | "previews">,
): AlertSink[] {
  return [
    ...(alertWebhook === undefined ? [] : [webhookSink(alertWebhook)]),
    ...(alertChannel === undefined ? [] : [channelSink(alertChannel, context)]),
    ...(alertAdmins.length === 0 ? [] : [adminsSink(alertAdmins, context)]),
  ];
}

/** A week is not urgent: it is not pushed. */
function adminsSink(channels: readonly AdminChannel[], context: Pick<DomainContext, "store" | "clock">): AlertSink {
  return {
    name: "administrators",
    send: (announcement) => {
      const isWeek = announcement.event === "week";
      const incident = "incident" in announcement ? announcement.incident.id : null;
      return tellAdmins(context, isWeek ? channels.filter((each) => each !== "push") : channels, {
        key: incident ?? announcement.event,
        path: incident === null ? "/monitor" : `/monitor/incidents/${incident}`,
        title: titles[announcement.event],
        text: { en: textOf(announcement, "en"), ru: textOf(announcement, "ru") },
      });
    },
  };
}

const titles: Readonly<Record<Announcement["event"], ToldAlert["title"]>> = {
  start: { en: "Incident", ru: "Инцидент" },
  end: { en: "Incident over", ru: "Инцидент закончился" },
  again: { en: "Incident is back", ru: "Инцидент повторился" },
  digest: { en: "Several incidents", ru: "Несколько инцидентов" },
  week: { en: "The week", ru: "Сводка за неделю" },
};

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
  if (announcement.event === "digest") return `incidents-${announcement.at}`;
  const { id, returns } = announcement.incident;
  return `incident-${announcement.event}-${id}${returns === 0 ? "" : `-${returns}`}`;
}
