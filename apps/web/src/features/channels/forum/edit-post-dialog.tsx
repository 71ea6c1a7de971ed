import { useState } from "react";
import { useTranslation } from "react-i18next";
import { useClient, useClientState } from "../../../core/client.ts";
import { useAction } from "../../../core/use-action.ts";
import { Button } from "../../../ui/button.tsx";
import { Dialog } from "../../../ui/dialog.tsx";
import { PostForm, useIsComplete } from "./post-form.tsx";

const formId = "edited-post";

/** Changes title and tags of a post. */
export function EditPostDialog({ channelId, onClose }: { channelId: number; onClose: () => void }) {
  const { t } = useTranslation(["forums", "common"]);
  const client = useClient();
  const { busy, run } = useAction();
  const forumId = useClientState((state) => state.threads[channelId]?.parent_id ?? 0);
  const forum = useClientState((state) => state.channels[forumId]?.forum);
  const settings = forum ?? { tags: [], requires_tag: false, order: "activity" as const };
  const [before] = useState(() => {
    const { threads, channels } = client.store.getState();
    return { name: channels[channelId]?.name ?? "", tags: threads[channelId]?.tags ?? [] };
  });
  const [fields, setFields] = useState<{ name: string; tags: readonly number[] }>(before);
  const isComplete = useIsComplete(forumId, settings, fields);
  async function submit() {
    const [name, tags] = [fields.name.trim(), fields.tags.toSorted((a, b) => a - b)];
    const patch = { ...(name !== before.name && { name }), ...(tags.join() !== before.tags.join() && { tags }) };
    if (await run(() => client.rest.updateThread(channelId, patch))) onClose();
  }
  return (
    <Dialog
      open
      onOpenChange={onClose}
      title={t("edit.title")}
      footer={
        <>
          <Button variant="ghost" onClick={onClose}>
            {t("common:cancel")}
          </Button>
          <Button variant="primary" type="submit" form={formId} busy={busy} disabled={!isComplete}>
            {t("common:save")}
          </Button>
        </>
      }
    >
      <form
        id={formId}
        onSubmit={(event) => {
          event.preventDefault();
          void submit();
        }}
      >
        <PostForm channelId={forumId} forum={settings} fields={fields} before={before.tags} onChange={setFields} />
      </form>
    </Dialog>
  );
}
