import { Clock, ListChecks, Ellipsis, Mic, Plus, SendHorizontal, Smile } from "lucide-react";
import { type ReactNode, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { openDialog } from "../../core/dialog-store.ts";
import { useAction } from "../../core/use-action.ts";
import { useCan } from "../../core/use-can.ts";
import { cx } from "../../ui/cx.ts";
import { IconButton } from "../../ui/icon-button.tsx";
import { Menu } from "../../ui/menu.tsx";
import { usePhone, useTouch } from "../../ui/use-media-query.ts";
import { EmojiPopover } from "../emoji/emoji-popover.tsx";

/** Aligns a button with a single line of text. */
const inLine = "my-0.5";

interface AttachButtonProps {
  serverId: number | null;
  channelId: number;
  onPick: (files: readonly File[]) => void;
}

/** Absent for users who may not attach files in the channel. */
export function AttachButton({ serverId, channelId, onPick }: AttachButtonProps) {
  const { t } = useTranslation("chat");
  const input = useRef<HTMLInputElement>(null);
  const canAttach = useCan(serverId, "attachFiles", channelId);
  if (!canAttach) return null;
  return (
    <>
      <IconButton
        label={t("composer.attach")}
        icon={<Plus size={20} />}
        className={inLine}
        onClick={() => input.current?.click()}
      />
      <input
        ref={input}
        type="file"
        multiple
        hidden
        tabIndex={-1}
        aria-hidden
        onChange={({ currentTarget }) => {
          onPick([...(currentTarget.files ?? [])]);
          // Cleared so that picking the same file again fires a change event.
          currentTarget.value = "";
        }}
      />
    </>
  );
}

interface EmojiButtonProps {
  serverId: number | null;
  channelId: number;
  onPick: (typed: string) => void;
}

const loadSend = () => import("./send-sticker.ts");

function EmojiButton({ serverId, channelId, onPick }: EmojiButtonProps) {
  const { t } = useTranslation("chat");
  const [open, setOpen] = useState(false);
  return (
    <EmojiPopover
      side="top"
      align="end"
      open={open}
      onOpenChange={setOpen}
      {...{ serverId, channelId }}
      onPick={(_emoji, typed) => onPick(typed)}
      stickers={{ channelId, loadSend }}
      trigger={<IconButton label={t("composer.emoji")} icon={<Smile size={20} />} className={inLine} />}
    />
  );
}

/** What is sent less often than text and files. */
function MoreButton({ serverId, channelId }: Pick<EmojiButtonProps, "serverId" | "channelId">) {
  const { t } = useTranslation("chat");
  const canAsk = useCan(serverId, "sendPolls", channelId);
  return (
    <Menu
      align="end"
      side="top"
      entries={[
        canAsk && {
          label: t("composer.poll"),
          icon: <ListChecks size={16} />,
          onSelect: () => openDialog({ kind: "create-poll", channelId }),
        },
        {
          label: t("composer.later"),
          icon: <Clock size={16} />,
          onSelect: () => openDialog({ kind: "schedule", channelId }),
        },
      ]}
      trigger={<IconButton label={t("composer.more")} icon={<Ellipsis size={20} />} className={inLine} />}
    />
  );
}

/** The send button, for touch screens, where Enter inserts a line break. */
export function SendButton({ onSend, isDisabled }: { onSend: () => void; isDisabled: boolean }) {
  const { t } = useTranslation("chat");
  const isPhone = usePhone();
  const isTouch = useTouch();
  if (!isPhone && !isTouch) return null;
  return (
    <IconButton
      label={t("composer.send")}
      icon={<SendHorizontal size={20} />}
      className={cx(inLine, isDisabled ? "text-faint!" : "text-link!")}
      disabled={isDisabled}
      // The field keeps the focus, so that the on-screen keyboard stays open.
      onPointerDown={(event) => event.preventDefault()}
      onClick={onSend}
    />
  );
}

interface EndButtonsProps {
  serverId: number | null;
  channelId: number;
  /** Nothing else is about to be sent. */
  canRecord: boolean;
  /** Gets what records a voice message, and null when that has ended. */
  onRecorder: (recorder: ReactNode) => void;
  onEmoji: (emoji: string) => void;
  sendButton: ReactNode;
}

/** On small screens the microphone has the place of the send button. */
export function EndButtons({ canRecord, onEmoji, sendButton, ...voice }: EndButtonsProps) {
  const isTouch = useTouch();
  const isSmall = usePhone() || isTouch;
  const end = canRecord ? <VoiceButton {...voice} otherwise={sendButton} /> : sendButton;
  return (
    <>
      {!isSmall && end}
      <EmojiButton serverId={voice.serverId} channelId={voice.channelId} onPick={onEmoji} />
      <MoreButton serverId={voice.serverId} channelId={voice.channelId} />
      {isSmall && end}
    </>
  );
}

interface VoiceButtonProps extends Pick<EndButtonsProps, "serverId" | "channelId" | "onRecorder"> {
  /** Shown to those who cannot record here. */
  otherwise: ReactNode;
}

/** Starts a voice message. The field stays until the recorder is loaded. */
function VoiceButton({ serverId, channelId, onRecorder, otherwise }: VoiceButtonProps) {
  const { t } = useTranslation("chat");
  const { run } = useAction();
  const canAttach = useCan(serverId, "attachFiles", channelId);
  const canSpeak = useCan(serverId, "sendVoiceMessages", channelId);
  if (!canAttach || !canSpeak || !("MediaRecorder" in globalThis)) return otherwise;
  async function record(): Promise<void> {
    const { openRecorder } = await import("./voice-recorder/open-recorder.tsx");
    onRecorder(await openRecorder(channelId, () => onRecorder(null)));
  }
  return (
    <IconButton
      label={t("composer.voice")}
      icon={<Mic size={20} />}
      className={inLine}
      onClick={() => void run(record)}
    />
  );
}
