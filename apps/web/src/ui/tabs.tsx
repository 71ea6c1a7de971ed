import { Tabs as Radix } from "radix-ui";
import { type ReactNode, useEffect, useRef } from "react";
import { cx } from "./cx.ts";

export interface Tab {
  id: string;
  label: string;
  icon?: ReactNode;
  content: ReactNode;
}

export interface TabsProps {
  tabs: readonly Tab[];
  /** Accessible name. */
  label: string;
  value: string;
  onChange: (id: string) => void;
  /** Tabs in a column on the left from 768 px on; below that in two rows above the content, which scroll sideways. */
  vertical?: boolean;
}

export function Tabs({ tabs, label, value, onChange, vertical = false }: TabsProps) {
  const list = useRef<HTMLDivElement>(null);
  useEffect(() => {
    list.current?.querySelector("[data-state=active]")?.scrollIntoView({ block: "nearest", inline: "center" });
  }, [value]);
  return (
    <Radix.Root
      value={value}
      onValueChange={onChange}
      orientation={vertical ? "vertical" : "horizontal"}
      className={cx("flex min-h-0 flex-1 flex-col", vertical && "md:flex-row")}
    >
      <Radix.List
        ref={list}
        aria-label={label}
        className={cx(
          "shrink-0 gap-1 border-b border-line px-4 pb-2",
          vertical
            ? "grid auto-cols-max grid-flow-col grid-rows-2 overflow-x-auto md:flex md:w-52 md:flex-col md:gap-0 md:overflow-y-auto md:border-b-0 md:border-r md:px-3 md:pb-3"
            : "flex flex-wrap",
        )}
      >
        {tabs.map((tab) => (
          <Radix.Trigger
            key={tab.id}
            value={tab.id}
            className="focus-inset flex min-h-9 shrink-0 items-center gap-2.5 rounded-md px-3 text-left text-sm font-medium text-muted transition-colors hover:bg-hover hover:text-ink data-[state=active]:bg-active data-[state=active]:text-ink"
          >
            {tab.icon}
            {tab.label}
          </Radix.Trigger>
        ))}
      </Radix.List>
      {tabs.map((tab) => (
        <Radix.Content
          key={tab.id}
          value={tab.id}
          className="focus-inset min-h-0 min-w-0 flex-1 overflow-y-auto px-5 py-4 data-[orientation=vertical]:md:pt-1"
        >
          {tab.content}
        </Radix.Content>
      ))}
    </Radix.Root>
  );
}
