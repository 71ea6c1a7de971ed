import { CircleAlert, CircleCheck, Info, X } from "lucide-react";
import { createContext, type ReactNode, use, useCallback, useEffect, useState } from "react";
import { useTranslation } from "react-i18next";
import { Button } from "./button.tsx";
import { IconButton } from "./icon-button.tsx";

export interface ToastMessage {
  title: string;
  description?: string;
  tone?: "info" | "success" | "danger";
  /** Replaces the icon of the tone. */
  icon?: ReactNode;
  action?: { label: string; onSelect: () => void };
}

/** Most toasts shown at once. */
const maxToasts = 4;
const durationMs = 6_000;
const icons = {
  info: <Info size={18} aria-hidden className="shrink-0 text-link" />,
  success: <CircleCheck size={18} aria-hidden className="shrink-0 text-success-ink" />,
  danger: <CircleAlert size={18} aria-hidden className="shrink-0 text-danger-ink" />,
} as const;

type ShowToast = (message: ToastMessage) => void;
const ToastContext = createContext<ShowToast | null>(null);

/** Shows a short message that disappears by itself. Messages that the user must not miss belong elsewhere. */
export function useToast(): ShowToast {
  const show = use(ToastContext);
  if (!show) throw new Error("useToast needs a ToastProvider above it");
  return show;
}

/** Whether the target is in a toast. Dialogs must not treat a click there as a click outside. */
export function isInToast(target: EventTarget | null): boolean {
  return target instanceof Element && target.closest("[data-toasts]") !== null;
}

/**
 * Replaces Radix's toast, which takes Escape from an open dialog while a toast is shown. The list is a live region,
 * which modal dialogs do not hide. It lies below the header, where a conversation has its oldest messages, so that it
 * never covers the newest message or the composer. A phone shows only the latest toast, over the header.
 */
export function ToastProvider({ children }: { children: ReactNode }) {
  const { t } = useTranslation("common");
  const [toasts, setToasts] = useState<readonly (ToastMessage & { id: number })[]>([]);
  const show = useCallback<ShowToast>((message) => {
    // Said again, it takes the place of the former one.
    setToasts((shown) => [
      ...shown
        .filter((one) => one.title !== message.title || one.description !== message.description)
        .slice(1 - maxToasts),
      { ...message, id: (shown.at(-1)?.id ?? 0) + 1 },
    ]);
  }, []);
  const dismiss = useCallback((id: number) => setToasts((shown) => shown.filter((toast) => toast.id !== id)), []);
  return (
    <ToastContext value={show}>
      {children}
      <section
        data-toasts
        aria-live="polite"
        aria-label={t("notifications")}
        className="pointer-events-none fixed inset-x-3 top-1.5 z-70 flex flex-col gap-2 max-md:[&>:not(:last-child)]:hidden md:inset-x-auto md:top-14 md:right-4 md:w-90"
      >
        {toasts.map((toast) => (
          <ToastCard key={toast.id} toast={toast} onDismiss={dismiss} />
        ))}
      </section>
    </ToastContext>
  );
}

interface ToastCardProps {
  toast: ToastMessage & { id: number };
  onDismiss: (id: number) => void;
}

function ToastCard({ toast, onDismiss }: ToastCardProps) {
  const { t } = useTranslation("common");
  const { id, title, description, tone = "info", icon, action } = toast;
  // A toast stays while the pointer is over it or the focus is in it.
  const [held, setHeld] = useState(false);
  useEffect(() => {
    if (held) return undefined;
    const timer = setTimeout(() => onDismiss(id), durationMs);
    return () => clearTimeout(timer);
  }, [held, id, onDismiss]);
  return (
    <div
      role={tone === "danger" ? "alert" : undefined}
      onPointerEnter={() => setHeld(true)}
      onPointerLeave={() => setHeld(false)}
      onFocus={() => setHeld(true)}
      onBlur={() => setHeld(false)}
      className="animate-rise pointer-events-auto flex items-center gap-3 rounded-lg bg-overlay py-2 pl-3.5 pr-2 shadow-overlay"
    >
      {icon ?? icons[tone]}
      <div className="min-w-0 flex-1 py-1">
        <p className="text-sm font-medium wrap-break-word">{title}</p>
        {description && <p className="line-clamp-3 text-sm text-muted wrap-break-word">{description}</p>}
      </div>
      {action && (
        <Button
          size="sm"
          onClick={() => {
            onDismiss(id);
            action.onSelect();
          }}
        >
          {action.label}
        </Button>
      )}
      <IconButton label={t("dismiss")} icon={<X size={16} />} size="sm" onClick={() => onDismiss(id)} />
    </div>
  );
}
