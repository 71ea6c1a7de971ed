import { scheduledCalls } from "@miscord/client";
import type { ScheduledMessage, Sticker } from "@miscord/protocol";
import { Clock, Pencil, Trash2 } from "lucide-react";
import { type ComponentProps, type FormEvent, useCallback, useEffect, useState } from "react";
import { useTranslation } from "react-i18next";
import { useClient, useClientState } from "../../core/client.ts";
import { useDescribeError } from "../../core/describe-error.ts";
import { channelName } from "../../core/people.ts";
import { withRoleMarks, withRoles } from "../../core/role-mentions.ts";
import { useAction } from "../../core/use-action.ts";
import { useLoaded } from "../../core/use-loaded.ts";
import { useFormat } from "../../i18n/format.ts";
import { Button } from "../../ui/button.tsx";
import { Dialog } from "../../ui/dialog.tsx";
import { Field } from "../../ui/field.tsx";
import { IconButton } from "../../ui/icon-button.tsx";
import { Input } from "../../ui/input.tsx";
import { Skeleton } from "../../ui/skeleton.tsx";
import { useToast } from "../../ui/toast.tsx";
import { TextArea } from "../../ui/text-area.tsx";
import { StickerPicture } from "../emoji/sticker-picture.tsx";
import { changeDraft, draftOf } from "./drafts.ts";
import { fromLocal, nextMorning, toLocal } from "./local-time.ts";
import { StickerOrText } from "./sticker-or-text.tsx";

/** Writes a message that is sent later, and shows those that wait. */
export function ScheduleDialog({ channelId, onClose }: { channelId: number; onClose: () => void }) {
  const { t } = useTranslation("later");
  const client = useClient();
  const [edited, setEdited] = useState<ScheduledMessage | null>(null);
  const { loaded, reload } = useLoaded(useCallback(() => scheduledCalls(client.rest).list(), [client]));
  useEffect(() => client.on("event", (event) => event.type === "scheduled_changed" && reload()), [client, reload]);
  return (
    <Dialog open onOpenChange={onClose} title={t("title")} size="md">
      <ScheduleForm
        key={edited?.id ?? 0}
        channelId={edited?.channel_id ?? channelId}
        edited={edited}
        onDone={() => {
          setEdited(null);
          reload();
        }}
      />
      <h3 className="mt-6 mb-2 text-sm font-medium">{t("waiting")}</h3>
      {loaded.status === "loading" && <Skeleton className="h-3.5 w-40" />}
      {loaded.status === "failed" && <p className="text-sm text-muted">{t("failed")}</p>}
      {loaded.value?.length === 0 && <p className="text-sm text-muted">{t("none")}</p>}
      <ul className="flex flex-col gap-2">
        {loaded.value?.map((message) => (
          <Waiting key={message.id} message={message} onEdit={() => setEdited(message)} onChanged={reload} />
        ))}
      </ul>
    </Dialog>
  );
}

interface ScheduleFormProps {
  channelId: number;
  /** The message that is changed; null for a new one. */
  edited: ScheduledMessage | null;
  onDone: () => void;
}

function ScheduleForm({ channelId, edited, onDone }: ScheduleFormProps) {
  const { t } = useTranslation(["later", "common"]);
  const save = useSave();
  const describe = useDescribeError();
  const toast = useToast();
  const format = useFormat();
  const [draft] = useState(() => draftOf(channelId));
  const [content, setContent] = useState(edited ? withRoles(edited.content) : draft.text);
  const [time, setTime] = useState(() => toLocal(edited && !edited.refused ? new Date(edited.send_at) : nextMorning()));
  const [sticker, setSticker] = useState<Sticker | null>(edited?.sticker ?? null);
  const [error, setError] = useState("");
  const [isBusy, setBusy] = useState(false);
  const name = useClientState((state) => channelName(state, channelId));
  const at = fromLocal(time);
  const isEmpty = content.trim() === "" && !sticker;

  async function submit(event: FormEvent): Promise<void> {
    event.preventDefault();
    if (!at || isEmpty || isBusy) return;
    if (at.getTime() <= Date.now()) return setError(t("past"));
    setBusy(true);
    const text = sticker ? {} : { content: withRoleMarks(channelId, content.trim()) };
    const body = { ...text, send_at: at.toISOString() };
    const isDraft = !edited && !sticker && draftOf(channelId).text === draft.text;
    try {
      await save({ channelId, edited, sticker, replyTo: draft.replyTo }, body);
      if (isDraft) changeDraft(channelId, { text: "", replyTo: null });
      toast({ title: t("done", { when: format.dateTime(at) }), tone: "success" });
      if (!sticker) setContent("");
      setSticker(null);
      setError("");
      onDone();
    } catch (cause) {
      setError(describe(cause));
    } finally {
      setBusy(false);
    }
  }

  return (
    <form onSubmit={(event) => void submit(event)} className="flex flex-col gap-4">
      <StickerOrText {...{ channelId, sticker }} isFixed={edited !== null} onChange={setSticker}>
        <Field label={t("text", { channel: name })}>
          <TextArea value={content} onChange={(event) => setContent(event.target.value)} />
        </Field>
      </StickerOrText>
      <Field label={t("when")} error={error} hint={!edited && draft.uploads.length > 0 && t("withoutFiles")}>
        <TimeInput value={time} onChange={(event) => setTime(event.target.value)} />
      </Field>
      <div className="flex justify-end gap-2">
        {edited && <Cancel onPress={onDone} />}
        <Button variant="primary" type="submit" busy={isBusy} disabled={!at || isEmpty}>
          {t(edited ? "change" : "submit")}
        </Button>
      </div>
    </form>
  );
}

function TimeInput(props: ComponentProps<typeof Input>) {
  const [earliest] = useState(() => toLocal(new Date()));
  return <Input type="datetime-local" min={earliest} required {...props} />;
}

interface Saved extends Pick<ScheduleFormProps, "channelId" | "edited"> {
  sticker: Sticker | null;
  replyTo: { id: number } | null;
}

/** Changes the message that waits, or makes a new one. */
function useSave() {
  const { rest } = useClient();
  return ({ channelId, edited, sticker, replyTo }: Saved, body: { content?: string; send_at: string }) => {
    const { schedule, change } = scheduledCalls(rest);
    if (edited) return change(edited.id, body);
    return schedule(channelId, {
      ...body,
      reply_to_id: replyTo?.id ?? null,
      ...(sticker && { sticker_id: sticker.id }),
    });
  };
}

interface WaitingProps {
  message: ScheduledMessage;
  onEdit: () => void;
  onChanged: () => void;
}

function Waiting({ message, onEdit, onChanged }: WaitingProps) {
  const { t } = useTranslation(["later", "common"]);
  const client = useClient();
  const format = useFormat();
  const { run } = useAction();
  const name = useClientState((state) =>
    message.channel_id in state.channels ? channelName(state, message.channel_id) : null,
  );
  async function cancel(): Promise<void> {
    await scheduledCalls(client.rest).cancel(message.id);
    onChanged();
  }
  return (
    <li className="flex items-start gap-1 rounded-md bg-surface py-2 pr-1 pl-3 text-sm">
      <div className="min-w-0 flex-1">
        {message.sticker ? (
          <StickerPicture {...message.sticker} />
        ) : (
          <p dir="auto" className="line-clamp-3 wrap-anywhere">
            {withRoles(message.content)}
          </p>
        )}
        <p className="mt-0.5 flex flex-wrap items-center gap-x-1.5 text-xs text-muted">
          <Clock size={12} aria-hidden />
          <span>{format.dateTime(message.send_at)}</span>
          <bdi className="truncate">{name ?? t("hidden")}</bdi>
        </p>
        {message.refused && (
          <p className="mt-0.5 text-xs text-danger-ink">
            {t("refused")} {t(`common:error.${message.refused}`)}
          </p>
        )}
      </div>
      <IconButton size="sm" label={t("edit")} icon={<Pencil size={15} />} onClick={onEdit} />
      <IconButton size="sm" danger label={t("cancel")} icon={<Trash2 size={15} />} onClick={() => void run(cancel)} />
    </li>
  );
}

function Cancel({ onPress }: { onPress: () => void }) {
  const { t } = useTranslation("common");
  return (
    <Button variant="ghost" onClick={onPress}>
      {t("cancel")}
    </Button>
  );
}
