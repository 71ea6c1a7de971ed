import { z } from "zod";
import { oneOf, someOf, url, weeklyTime, wholeNumber } from "./values.ts";

type Entry = [schema: z.ZodType, description: string, extra?: { secret?: boolean }];

/** Who is told of incidents. */
export const alertSettings = {
  ALERT_WEBHOOK: [
    url(["http:", "https:"]).optional(),
    "Address to which the start and the end of each incident are posted as JSON.",
    { secret: true },
  ],
  ALERT_CHANNEL: [
    wholeNumber(1).optional(),
    "Id of a text channel in which incidents are announced, in the name of the first administrator, who must be able to write there.",
  ],
  ALERT_ADMINS: [
    someOf(["mail", "push"]).prefault(""),
    "How administrators are told of incidents, each in their own language: `mail`, `push` or both, with a comma. Mail goes to confirmed addresses, also with the summary of the week; push to devices that have notifications on.",
  ],
  ALERT_LANGUAGE: [oneOf(["en", "ru"]).prefault("en"), "Language of alerts to the webhook and the channel."],
  WEEKLY_SUMMARY: [
    weeklyTime.prefault("mon 09:00"),
    "When the summary of the week is sent to the webhook, the channel and, by mail, to administrators, in UTC, or `off`. It is on /monitor in any case.",
  ],
} satisfies Record<string, Entry>;
