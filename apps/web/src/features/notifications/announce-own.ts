import { savedCalls, type MiscordClient } from "@miscord/client";
import { previewText, voiceLengthOf } from "@miscord/protocol";
import { t } from "i18next";
import { navigate } from "wouter/use-browser-location";
import { openDialog } from "../../core/dialog-store.ts";
import { paths } from "../../core/paths.ts";
import { voiceText } from "../../core/voice-text.ts";
import { withRoles } from "../../core/role-mentions.ts";
import { loadTexts } from "../../i18n/index.ts";
import type { ToastMessage } from "../../ui/toast.tsx";
import { allowSound } from "../../core/audio/audio-context.ts";
import { playSound } from "../../core/audio/sounds.ts";
import { claim, isToldElsewhere } from "./attended-pages.ts";
import { showDesktop } from "./desktop-notifications.ts";
import { useNotificationPreferences } from "./notification-preferences.ts";

type Toast = (message: ToastMessage) => void;

/** Tells the user of a reminder whose time has come, if the message may still be seen. */
export async function announceReminder(client: MiscordClient, messageId: number, toast: Toast): Promise<void> {
  const [{ saved }] = await Promise.all([savedCalls(client.rest).list({ due: "true" }), loadTexts("screens")]);
  const found = saved.find(({ message }) => message.id === messageId);
  if (!found) return;
  const { id, server_id, channel_id, content } = found.message;
  const path = paths.message(server_id, channel_id, id);
  const text = withRoles(previewText(content)) || voiceText(voiceLengthOf(found.message).voice_ms);
  if (document.visibilityState === "visible") {
    const onSelect = () => {
      void savedCalls(client.rest)
        .save(id, { remind_at: null })
        .catch(() => {});
      navigate(path);
    };
    toast({
      title: t("saved:reminder"),
      ...(text && { description: text }),
      action: { label: t("notifications:show"), onSelect },
    });
  }
  if (document.hasFocus() || (await isToldElsewhere()) || !(await claim(`reminder-${id}`))) return;
  const { desktop, sound } = useNotificationPreferences.getState();
  if (desktop) await showDesktop({ tag: `reminder-${id}`, title: t("saved:reminder"), body: text, path });
  if (sound && (await allowSound())) playSound("notification");
}

/** Tells the author that a scheduled message was not sent. */
export async function announceRefusal(channelId: number, toast: Toast): Promise<void> {
  await loadTexts("screens");
  const onSelect = () => openDialog({ kind: "schedule", channelId });
  toast({ title: t("later:refusedToast"), tone: "danger", action: { label: t("later:showThem"), onSelect } });
}
