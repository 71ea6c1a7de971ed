/** When a reminder of a message may come. */
const reminderTimes = ["soon", "hour", "evening", "tomorrow", "week"] as const;
export type ReminderTime = (typeof reminderTimes)[number];

const minuteMs = 60_000;
const [morning, evening] = [9, 19];

/** The times that are offered now: "in the evening" means the evening of the same day. */
export function offeredTimes(now: Date): readonly ReminderTime[] {
  return reminderTimes.filter((time) => time !== "evening" || now.getHours() < evening);
}

export function reminderTime(time: ReminderTime, now: Date): Date {
  const at = new Date(now);
  switch (time) {
    case "soon":
      return new Date(now.getTime() + 20 * minuteMs);
    case "hour":
      return new Date(now.getTime() + 60 * minuteMs);
    case "evening":
      at.setHours(evening, 0, 0, 0);
      return at;
    case "tomorrow":
      at.setDate(at.getDate() + 1);
      break;
    default:
      at.setDate(at.getDate() + 7);
  }
  at.setHours(morning, 0, 0, 0);
  return at;
}
