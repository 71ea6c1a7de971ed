import { accessFacts } from "@miscord/client";
import type { Message } from "@miscord/protocol";
import { AlarmClock, Bookmark, CalendarSearch, FileCode, History } from "lucide-react";
import { type ReactNode, useState } from "react";
import { useTranslation } from "react-i18next";
import { can } from "@miscord/rights";
import { useClient, useClientState } from "../../../core/client.ts";
import { openDialog } from "../../../core/dialog-store.ts";
import { useAction } from "../../../core/use-action.ts";
import { useCopy } from "../../../core/use-copy.ts";
import { useFormat } from "../../../i18n/format.ts";
import { Dialog } from "../../../ui/dialog.tsx";
import { useToast } from "../../../ui/toast.tsx";
import { markdownOf, saveMessage } from "./message-tools.ts";
import { offeredTimes, reminderTime } from "./reminder-times.ts";

/** What is done with a message now and then, apart from its menu, which stays short. */
export function MessageToolsDialog({ message, onClose }: { message: Message; onClose: () => void }) {
  const { t } = useTranslation("tools");
  const client = useClient();
  const copy = useCopy();
  const toast = useToast();
  const { run } = useAction();
  const maySeeEdits = useClientState((state) => {
    const facts = accessFacts(state, message.server_id, message.channel_id);
    return message.author.id === state.session.me?.id || (facts !== null && can(facts, "manageMessages"));
  });
  const channelId = message.channel_id;
  return (
    <Dialog open onOpenChange={onClose} title={t("title")}>
      <Tool
        onPress={() => {
          onClose();
          void run(() => saveMessage(client, message, undefined, toast));
        }}
      >
        <Bookmark size={16} aria-hidden />
        {t("save")}
      </Tool>
      <Reminders message={message} onClose={onClose} />
      <Tool
        onPress={() => {
          onClose();
          void copy(markdownOf(message));
        }}
      >
        <FileCode size={16} aria-hidden />
        {t("copyMarkdown")}
      </Tool>
      <Tool onPress={() => openDialog({ kind: "jump-to-date", channelId, from: message.timestamp })}>
        <CalendarSearch size={16} aria-hidden />
        {t("date.title")}
      </Tool>
      {message.edited_at !== null && maySeeEdits && (
        <Tool onPress={() => openDialog({ kind: "earlier-texts", channelId, message })}>
          <History size={16} aria-hidden />
          {t("edits.title")}
        </Tool>
      )}
    </Dialog>
  );
}

function Reminders({ message, onClose }: { message: Message; onClose: () => void }) {
  const { t } = useTranslation("tools");
  const client = useClient();
  const toast = useToast();
  const format = useFormat();
  const { run } = useAction();
  const [now] = useState(() => new Date());
  return (
    <>
      <h3 className="mt-3 mb-1 flex items-center gap-2 px-2.5 text-sm font-medium">
        <AlarmClock size={16} aria-hidden />
        {t("remind.title")}
      </h3>
      <ul className="mb-3 flex flex-col">
        {offeredTimes(now).map((time) => (
          <li key={time}>
            <Tool
              onPress={() => {
                onClose();
                void run(() => saveMessage(client, message, time, toast));
              }}
            >
              <span className="flex-1">{t(`remind.${time}`)}</span>
              <span className="text-xs text-muted">{format.dateTime(reminderTime(time, now))}</span>
            </Tool>
          </li>
        ))}
      </ul>
    </>
  );
}

function Tool({ onPress, children }: { onPress: () => void; children: ReactNode }) {
  return (
    <button
      type="button"
      onClick={onPress}
      className="focus-inset flex min-h-10 w-full items-center gap-2.5 rounded-md px-2.5 py-1.5 text-left text-sm hover:bg-hover"
    >
      {children}
    </button>
  );
}
