import { useLocation } from "wouter";
import { useClient } from "../../core/client.ts";
import { paths } from "../../core/paths.ts";
import { useAction } from "../../core/use-action.ts";
import { setMembersOpen } from "../../layout/panes.ts";

/** Opens the conversation with one person, or a new group. Resolves to whether it did; a refusal is shown as a toast. */
export function useOpenDm(): {
  busy: boolean;
  openDm: (userIds: readonly number[], name?: string) => Promise<boolean>;
} {
  const client = useClient();
  const [, navigate] = useLocation();
  const { busy, run } = useAction();
  const openDm = (userIds: readonly number[], name?: string) =>
    run(async () => {
      const channelId = await client.openDm(userIds, name ?? null);
      setMembersOpen(false);
      navigate(paths.dm(channelId));
    });
  return { busy, openDm };
}
