import type { ProfileBody } from "@miscord/protocol";
import { useClient } from "./client.ts";
import { useLatestSave } from "./use-latest-save.ts";

/** Saves a choice of the user's profile, shown at once; the last one of several counts. */
export function useProfileSave() {
  const client = useClient();
  return useLatestSave<ProfileBody>(async (change, isLatest) => {
    await client.rest.updateProfile(change);
    // Skipped when a newer choice waits: reloading would show the older one for a moment.
    if (isLatest()) await client.reloadMe();
  });
}
