import type { ChosenStatus, Status } from "@miscord/protocol";

/** Statuses differ in shape as well as colour: a disc, a crescent, a barred disc, a ring. */
const shapes = {
  online: <circle cx="5" cy="5" r="5" className="fill-online" />,
  idle: <path d="M5.6.04A5 5 0 1 0 9.96 4.4 3.6 3.6 0 0 1 5.6.04Z" className="fill-idle" />,
  dnd: <path fillRule="evenodd" d="M5 0a5 5 0 1 1 0 10A5 5 0 0 1 5 0ZM2.5 4.1v1.8h5V4.1Z" className="fill-dnd" />,
  offline: <circle cx="5" cy="5" r="3.9" fill="none" strokeWidth="2.2" className="stroke-offline" />,
} as const;

/** Hidden from screen readers; the caller names the status in text. */
export function StatusDot({ status, size = 10 }: { status: Status | ChosenStatus; size?: number }) {
  return (
    <svg viewBox="0 0 10 10" width={size} height={size} aria-hidden className="shrink-0">
      {shapes[status === "invisible" ? "offline" : status]}
    </svg>
  );
}
