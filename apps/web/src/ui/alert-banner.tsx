import { CircleAlert, CircleCheck, Info } from "lucide-react";
import type { ReactNode } from "react";
import { cx } from "./cx.ts";

const tones = {
  info: { className: "bg-accent-soft", icon: Info, iconClass: "text-link" },
  success: { className: "bg-hover", icon: CircleCheck, iconClass: "text-success-ink" },
  danger: { className: "bg-danger-soft", icon: CircleAlert, iconClass: "text-danger-ink" },
} as const;

export interface AlertBannerProps {
  tone?: keyof typeof tones;
  children: ReactNode;
  action?: ReactNode;
  className?: string;
}

/** Screen readers announce a danger banner at once, other banners at the next pause. */
export function AlertBanner({ tone = "info", children, action, className }: AlertBannerProps) {
  const { icon: Icon, iconClass, className: toneClass } = tones[tone];
  return (
    <div
      role={tone === "danger" ? "alert" : "status"}
      className={cx("flex items-center gap-2.5 rounded-md px-3 py-2.5 text-sm text-ink", toneClass, className)}
    >
      <Icon size={18} aria-hidden className={cx("shrink-0", iconClass)} />
      <div className="min-w-0 flex-1 wrap-break-word">{children}</div>
      {action}
    </div>
  );
}
