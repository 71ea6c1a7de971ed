import type { Config } from "./config.ts";
import type { DomainContext } from "./domain/context.ts";
import { writeAsAdmin } from "./domain/messages/write-as-admin.ts";
import { webhookSink, type AlertSink } from "./monitoring/analysis/announcer.ts";

/** Everybody who is told of incidents, as the settings say. */
export function alertSinks(
  { alertWebhook, alertChannel }: Pick<Config, "alertWebhook" | "alertChannel">,
  context: Pick<DomainContext, "store" | "rates" | "clock">,
): AlertSink[] {
  return [
    ...(alertWebhook === undefined ? [] : [webhookSink(alertWebhook)]),
    ...(alertChannel === undefined ? [] : [channelSink(alertChannel, context)]),
  ];
}

function channelSink(channelId: number, context: Pick<DomainContext, "store" | "rates" | "clock">): AlertSink {
  return {
    name: "channel",
    send: ({ event, incident }, content) =>
      writeAsAdmin(context, channelId, { key: `incident-${event}-${incident.id}`, content }),
  };
}
