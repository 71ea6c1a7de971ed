import { type ForumSettings, limits } from "@miscord/protocol";
import { type ClipboardEvent, useState } from "react";
import { useTranslation } from "react-i18next";
import { useLocation } from "wouter";
import { useClient, useClientState } from "../../../core/client.ts";
import { paths } from "../../../core/paths.ts";
import { withRoleMarks } from "../../../core/role-mentions.ts";
import { untilState } from "../../../core/until-state.ts";
import { useAction } from "../../../core/use-action.ts";
import { Button } from "../../../ui/button.tsx";
import { cx } from "../../../ui/cx.ts";
import { Dialog } from "../../../ui/dialog.tsx";
import { Field, useFieldControl } from "../../../ui/field.tsx";
import { controlClass } from "../../../ui/input.tsx";
import { AttachButton } from "../composer-buttons.tsx";
import { changeDraft, draftOf, emptyDraft, isEmpty, useDraft } from "../drafts.ts";
import { pastedFiles } from "../pasted-files.ts";
import { releasePreview } from "../upload.ts";
import { UploadTray } from "../upload-tray.tsx";
import { useAddFiles } from "../use-add-files.ts";
import { PostForm, useIsComplete, type PostFields } from "../../channels/forum/post-form.tsx";

const formId = "new-post";

const noForum: ForumSettings = { tags: [], requires_tag: false, order: "activity" };

/** Title, tags, text and files of a new post. Text and files are the draft of the forum, which outlives the dialog. */
export function CreatePostDialog({ channelId, onClose }: { channelId: number; onClose: () => void }) {
  const { t } = useTranslation(["forums", "common"]);
  const forum = useClientState((state) => state.channels[channelId]?.forum) ?? noForum;
  const [fields, setFields] = useState<PostFields>({ name: "", tags: [] });
  const draft = useDraft(channelId);
  const isComplete = useIsComplete(channelId, forum, fields);
  const areFilesReady = draft.uploads.every(({ status }) => status === "done");
  const isTooLong = draft.text.trim().length > limits.messageLength;
  const { busy, create } = useCreatePost(channelId);
  async function submit() {
    if (await create(fields)) onClose();
  }
  return (
    <Dialog
      open
      size="md"
      onOpenChange={onClose}
      title={t("create.title")}
      footer={
        <>
          <Button variant="ghost" onClick={onClose}>
            {t("common:cancel")}
          </Button>
          <Button
            variant="primary"
            type="submit"
            form={formId}
            busy={busy}
            disabled={!isComplete || isEmpty(draft) || !areFilesReady || isTooLong}
          >
            {t("create.submit")}
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
        <PostForm channelId={channelId} forum={forum} fields={fields} before={[]} onChange={setFields} />
        <Text channelId={channelId} isTooLong={isTooLong} />
      </form>
    </Dialog>
  );
}

/** Creates a post of the forum with what its draft holds, and opens it. */
function useCreatePost(channelId: number) {
  const client = useClient();
  const [, navigate] = useLocation();
  const { busy, run } = useAction();
  const create = ({ name, tags }: PostFields) =>
    run(async () => {
      const { uploads, text } = draftOf(channelId);
      const post = await client.rest.createPost(channelId, {
        name: name.trim(),
        tags: [...tags],
        content: withRoleMarks(channelId, text.trim()),
        attachments: uploads.flatMap(({ attachment }) => attachment?.id ?? []),
      });
      changeDraft(channelId, emptyDraft);
      for (const upload of uploads) releasePreview(upload);
      await untilState(client, (state) => post.id in state.channels);
      navigate(paths.channelOf(post));
    });
  return { busy, create };
}

function Text({ channelId, isTooLong }: { channelId: number; isTooLong: boolean }) {
  const { t } = useTranslation("forums");
  const draft = useDraft(channelId);
  const serverId = useClientState((state) => state.channels[channelId]?.server_id ?? null);
  const addFiles = useAddFiles(channelId);
  function paste(event: ClipboardEvent): void {
    const files = pastedFiles(event.clipboardData);
    if (files.length === 0) return;
    event.preventDefault();
    addFiles(files);
  }
  return (
    <>
      <Field label={t("text")} className="mt-4" error={isTooLong && t("tooLong", { most: limits.messageLength })}>
        <TextBox value={draft.text} onPaste={paste} onText={(text) => changeDraft(channelId, { text })} />
      </Field>
      {draft.uploads.length > 0 && (
        <div className="mt-3">
          <UploadTray channelId={channelId} uploads={draft.uploads} isJoined={false} />
        </div>
      )}
      <div className="mt-1 -ml-1.5 flex">
        <AttachButton serverId={serverId} channelId={channelId} onPick={addFiles} />
      </div>
    </>
  );
}

interface TextBoxProps {
  value: string;
  onText: (text: string) => void;
  onPaste: (event: ClipboardEvent) => void;
}

function TextBox({ value, onText, onPaste }: TextBoxProps) {
  return (
    <textarea
      {...useFieldControl()}
      rows={6}
      value={value}
      onPaste={onPaste}
      onChange={(event) => onText(event.target.value)}
      className={cx(controlClass, "resize-y py-2")}
    />
  );
}
