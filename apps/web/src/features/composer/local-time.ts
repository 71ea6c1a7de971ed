const morningHour = 9;

/** The value of a `datetime-local` field, in the user's own time. */
export function toLocal(time: Date): string {
  const two = (value: number) => String(value).padStart(2, "0");
  const day = `${time.getFullYear()}-${two(time.getMonth() + 1)}-${two(time.getDate())}`;
  return `${day}T${two(time.getHours())}:${two(time.getMinutes())}`;
}

/** Null for a field that is not filled in. */
export function fromLocal(value: string): Date | null {
  const time = new Date(value);
  return value === "" || Number.isNaN(time.getTime()) ? null : time;
}

export function nextMorning(now = new Date()): Date {
  const time = new Date(now);
  time.setDate(time.getDate() + 1);
  time.setHours(morningHour, 0, 0, 0);
  return time;
}
