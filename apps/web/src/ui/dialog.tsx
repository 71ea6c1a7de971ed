import { X } from "lucide-react";
import { Dialog as Radix } from "radix-ui";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { cx } from "./cx.ts";
import { IconButton } from "./icon-button.tsx";
import { isInToast } from "./toast.tsx";
import { useReturnFocus } from "./use-return-focus.ts";

const widths = { sm: "md:max-w-100", md: "md:max-w-120", lg: "md:max-w-200", xl: "md:max-w-240" } as const;

export const scrimClass = "animate-in fixed inset-0 z-40 bg-scrim";
/** A sheet at the bottom of a phone's screen, a centred card on larger screens. */
export const sheetClass = cx(
  "animate-rise fixed z-50 flex flex-col bg-overlay shadow-overlay outline-none",
  "inset-x-0 bottom-0 max-h-[92dvh] rounded-t-xl pb-[env(safe-area-inset-bottom)]",
  "md:inset-x-auto md:bottom-auto md:left-1/2 md:top-1/2 md:max-h-[86dvh] md:w-[calc(100%-2rem)] md:-translate-x-1/2 md:-translate-y-1/2 md:rounded-lg md:pb-0",
);

export interface DialogProps {
  open: boolean;
  onOpenChange: (open: boolean) => void;
  title: string;
  description?: ReactNode;
  size?: keyof typeof widths;
  footer?: ReactNode;
  children: ReactNode;
  /** The content has its own padding and scrolling. */
  bare?: boolean;
}

export function Dialog({
  open,
  onOpenChange,
  title,
  description,
  size = "sm",
  footer,
  bare = false,
  children,
}: DialogProps) {
  const { t } = useTranslation("common");
  const returnFocus = useReturnFocus(open);
  return (
    <Radix.Root open={open} onOpenChange={onOpenChange}>
      <Radix.Portal>
        <Radix.Overlay className={scrimClass} />
        <Radix.Content
          onOpenAutoFocus={startReading}
          {...returnFocus}
          onInteractOutside={(event) => isInToast(event.target) && event.preventDefault()}
          className={cx(sheetClass, widths[size])}
          {...(description ? {} : { "aria-describedby": undefined })}
        >
          <header className="py-3.5 pl-5 pr-14">
            <Radix.Title className="text-xl font-semibold wrap-break-word">{title}</Radix.Title>
            {description && <Radix.Description className="mt-1 text-sm text-muted">{description}</Radix.Description>}
          </header>
          <div className={bare ? "flex min-h-0 flex-1 flex-col" : "min-h-0 flex-1 overflow-y-auto px-5 pb-5 pt-0.5"}>
            {children}
          </div>
          {footer && <footer className="flex justify-end gap-2 border-t border-line px-5 py-3.5">{footer}</footer>}
          {/* The close button comes last, so that the first field of a dialog takes the focus. */}
          <Radix.Close asChild>
            <IconButton
              label={t("close")}
              icon={<X size={18} />}
              tooltipSide="left"
              className="absolute! right-2.5 top-2.5"
            />
          </Radix.Close>
        </Radix.Content>
      </Radix.Portal>
    </Radix.Root>
  );
}

/** A dialog without controls focuses itself: the tooltip of a focused close button would consume the first Escape. */
function startReading(event: Event): void {
  const content = event.currentTarget as HTMLElement;
  if (content.querySelectorAll("a, button, input, select, textarea, [tabindex]").length > 1) return;
  event.preventDefault();
  content.focus();
}
