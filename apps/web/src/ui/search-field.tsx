import { Search } from "lucide-react";
import { Field } from "./field.tsx";
import { Input } from "./input.tsx";

export interface SearchFieldProps {
  /** Accessible name, and the placeholder. */
  label: string;
  query: string;
  onChange: (query: string) => void;
}

/** A field above a list that narrows it down. */
export function SearchField({ label, query, onChange }: SearchFieldProps) {
  return (
    <Field label={label} hideLabel className="mb-2">
      <Input
        type="search"
        placeholder={label}
        value={query}
        onChange={(event) => onChange(event.target.value)}
        trailing={<Search size={17} aria-hidden className="mr-2 text-faint" />}
      />
    </Field>
  );
}
