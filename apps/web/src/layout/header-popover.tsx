import { type ReactElement, type ReactNode, useState } from "react";
import { LazyPart } from "../core/lazy-part.tsx";
import { IconButton } from "../ui/icon-button.tsx";
import { Popover } from "../ui/popover.tsx";
import { Skeleton } from "../ui/skeleton.tsx";

interface HeaderPopoverProps {
  label: string;
  icon: ReactElement;
  /** What it opens, which may be loaded then; `leave` closes it. */
  children: (leave: () => void) => ReactNode;
}

/** A button in the header of a page that opens a list below it. */
export function HeaderPopover({ label, icon, children }: HeaderPopoverProps) {
  const [open, setOpen] = useState(false);
  return (
    <Popover
      label={label}
      align="end"
      open={open}
      onOpenChange={setOpen}
      className="flex max-h-[min(36rem,var(--radix-popover-content-available-height))] w-104 max-w-[calc(100vw-1rem)] flex-col overflow-hidden"
      trigger={<IconButton label={label} icon={icon} tooltipSide="bottom" />}
    >
      <LazyPart loading={<Skeleton className="m-4 h-3.5 w-40" />}>{children(() => setOpen(false))}</LazyPart>
    </Popover>
  );
}
