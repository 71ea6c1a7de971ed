import { setTimeout as delay } from "node:timers/promises";
import type { MonitorIncident } from "@miscord/protocol";
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
const told = {
  en: {
    over: "Over",
    again: "Back again",
    flaps: "It comes and goes: the next message when it has stayed away for an hour.",
    gathered: (count: number) => `Many incidents at once, gathered in one message: ${count}`,
    more: (count: number) => `… and ${count} more on the monitor`,
  },
  ru: {
    over: "Закончилось",
    again: "Снова",
    flaps: "То появляется, то пропадает: следующее сообщение, когда час будет тихо.",
    gathered: (count: number) => `Много инцидентов сразу, собраны в одно сообщение: ${count}`,
    more: (count: number) => `… и ещё ${count}, все в мониторинге`,
  },
} as const;
const mostGathered = 6;

/** Logs each announcement and sends it to every sink; one that fails is tried three times and holds up no other. */
export function createAnnouncer({ sinks, language, logger }: AnnouncerOptions): (announcement: Announcement) => void {
  return (given) => {
    const announcement = anonymous(given);
    const text = textOf(announcement, language);
    if (announcement.event === "week") logger.info({ text }, "weekly summary");
    else if (announcement.event === "digest") logger.warn({ event: announcement.event, text }, "incidents");
    else logger.warn({ incident: announcement.incident.id, event: announcement.event, text }, "incident");
    for (const sink of sinks) {
      sendTo(sink, announcement, text).catch((error) =>
        logger.error({ err: error, sink: sink.name }, "an alert failed"),
      );
    }
  };
}

function anonymous(announcement: Announcement): Announcement {
  switch (announcement.event) {
    case "week":
      return announcement;
    case "digest":
      return { ...announcement, incidents: announcement.incidents.map(withoutNames) };
    default:
      return { ...announcement, incident: withoutNames(announcement.incident) };
  }
}

/** What is told of an incident, of several, or of a week. */
export function textOf(announcement: Announcement, language: Language): string {
  const { over, again, flaps, gathered, more } = told[language];
  const ended = (incident: MonitorIncident) => `${over}: ${toldInUtc(incident, language)}`;
  switch (announcement.event) {
    case "week":
      return announcement.summary.text[language];
    case "start":
      return toldInUtc(announcement.incident, language);
    case "end":
      return ended(announcement.incident);
    case "again":
      return `${again}: ${toldInUtc(announcement.incident, language)} ${flaps}`;
    case "digest": {
      const { incidents } = announcement;
      const lines = incidents
        .slice(0, mostGathered)
        .map((incident) => `• ${incident.ended_at === null ? toldInUtc(incident, language) : ended(incident)}`);
      const left = incidents.length - lines.length;
      return [gathered(incidents.length), ...lines, ...(left > 0 ? [more(left)] : [])].join("\n");
    }
  }
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
export function webhookSink(address: string): AlertSink {
  const { url, authorization } = withoutUser(address);
  return {
    name: "webhook",
    async send(announcement, text) {
      const response = await fetch(url, {
        method: "POST",
        headers: { "content-type": "application/json", ...(authorization !== null && { authorization }) },
        body: JSON.stringify(bodyOf(announcement, text)),
        signal: AbortSignal.timeout(timeoutMs),
      });
      await response.body?.cancel();
      if (!response.ok) throw new Error(`The webhook answered ${response.status}.`);
    },
  };
}

/** `fetch` calls no address that holds a user and a password, and its error, which is logged, would name both. */
function withoutUser(address: string): { url: string; authorization: string | null } {
  const url = new URL(address);
  if (url.username === "" && url.password === "") return { url: address, authorization: null };
  const user = [url.username, url.password].map(decoded).join(":");
  url.username = "";
  url.password = "";
  return { url: url.href, authorization: `Basic ${Buffer.from(user).toString("base64")}` };
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

function bodyOf(announcement: Announcement, text: string): object {
  const told = { text, content: text };
  switch (announcement.event) {
    case "week":
      return { event: "weekly_summary", ...told, summary: announcement.summary };
    case "digest":
      return { event: "incident_digest", ...told, incidents: announcement.incidents };
    default:
      return { event: `incident_${announcement.event}`, ...told, incident: announcement.incident };
  }
}
