import { Search } from "lucide-react";
import { type KeyboardEvent, useEffect, useEffectEvent, useRef } from "react";
import { controlClass } from "../../ui/input.tsx";

interface SearchFieldProps {
  label: string;
  search: string;
  setSearch: (search: string) => void;
  onKeyDown: (event: KeyboardEvent) => void;
  /** When it appears: the picker's data arrives after the popover has taken the focus. */
  takesFocus: boolean;
}

export function SearchField({ label, search, setSearch, onKeyDown, takesFocus }: SearchFieldProps) {
  const field = useRef<HTMLInputElement>(null);
  const appear = useEffectEvent(() => takesFocus && field.current?.focus());
  useEffect(() => void appear(), []);
  return (
    <div className="relative flex-1">
      <Search
        size={16}
        aria-hidden
        className="pointer-events-none absolute left-2.5 top-1/2 -translate-y-1/2 text-faint"
      />
      <input
        ref={field}
        type="search"
        value={search}
        onChange={(event) => setSearch(event.target.value)}
        onKeyDown={onKeyDown}
        aria-label={label}
        placeholder={label}
        className={`${controlClass} h-9 pl-8.5`}
      />
    </div>
  );
}
