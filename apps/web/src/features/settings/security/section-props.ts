import type { AccountSecurity } from "@miscord/protocol";

/** Of a section of the security panel. */
export interface SectionProps {
  security: AccountSecurity;
  /** Loads the state again, and shows new recovery codes if there are any. */
  onChanged: (newCodes: readonly string[]) => void;
}
