import { useClientState } from "./client.ts";

/** Whether the instance sends mails. */
export function useHasMail(): boolean {
  return useClientState((state) => state.instance?.features.includes("mail") === true);
}
