import { setTimeout as delay } from "node:timers/promises";
import type { Logger } from "pino";
import type { Announcement } from "./incident-log.ts";
import { toldInUtc, withoutNames } from "./sentence.ts";
import type { Language } from "./words.ts";

/** A way to tell somebody of an incident or a week. Rejects when it cannot. */
export interface AlertSink {
  readonly name: string;
  send(announcement: Announcement, text: string): Promise<void>;
}

export interface AnnouncerOptions {
  readonly sinks: readonly AlertSink[];
  readonly language: Language;
  readonly logger: Logger;
}

const attempts = 3;
const againMs = 5_000;
const timeoutMs = 10_000;
const ended: Readonly<Record<Language, string>> = { en: "Over", ru: "Закончилось" };

/** Logs each announcement and sends it to every sink; one that fails is tried three times and holds up no other. */
export function createAnnouncer({ sinks, language, logger }: AnnouncerOptions): (announcement: Announcement) => void {
  return (given) => {
    const announcement = given.event === "week" ? given : { ...given, incident: withoutNames(given.incident) };
    const text = textOf(announcement, language);
    if (announcement.event === "week") logger.info({ text }, "weekly summary");
    else logger.warn({ incident: announcement.incident.id, event: announcement.event, text }, "incident");
    for (const sink of sinks) {
      sendTo(sink, announcement, text).catch((error) =>
        logger.error({ err: error, sink: sink.name }, "an alert failed"),
      );
    }
  };
}

/** What is told of an incident or a week. */
export function textOf(announcement: Announcement, language: Language): string {
  if (announcement.event === "week") return announcement.summary.text[language];
  const told = toldInUtc(announcement.incident, language);
  return announcement.event === "start" ? told : `${ended[language]}: ${told}`;
}

async function sendTo(sink: AlertSink, announcement: Announcement, text: string): Promise<void> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await sink.send(announcement, text);
    } catch (error) {
      if (attempt === attempts) throw error;
      await delay(againMs * attempt, undefined, { ref: false });
    }
  }
}

/** Posts the incident or the summary as JSON. `text` and `content` are what chat services read. */
export function webhookSink(url: string): AlertSink {
  return {
    name: "webhook",
    async send(announcement, text) {
      const told =
        announcement.event === "week"
          ? { event: "weekly_summary", text, content: text, summary: announcement.summary }
          : { event: `incident_${announcement.event}`, text, content: text, incident: announcement.incident };
      const response = await fetch(url, {
        method: "POST",
        headers: { "content-type": "application/json" },
        body: JSON.stringify(told),
        signal: AbortSignal.timeout(timeoutMs),
      });
      await response.body?.cancel();
      if (!response.ok) throw new Error(`The webhook answered ${response.status}.`);
    },
  };
}
