import { type RefObject, useState } from "react";
import { useClient } from "../../core/client.ts";
import { useDescribeError } from "../../core/describe-error.ts";
import { useSlowMode } from "../../core/use-slow-mode.ts";
import { useToast } from "../../ui/toast.tsx";
import { changeDraft, useDraft } from "./drafts.ts";
import { excessOf } from "./excess.ts";
import { sendDraft } from "./send-draft.ts";

interface Options {
  serverId: number | null;
  channelId: number;
  area: RefObject<HTMLTextAreaElement | null>;
  /** False when the files are too many for the message. */
  addFiles: (files: readonly File[]) => boolean;
}

interface Send {
  send: () => void;
  /** Sends the text as a file, as soon as that is uploaded. */
  sendAsFile: () => void;
  isTooLong: boolean;
  /** The user tried to send this text although it is too long. */
  isRefused: boolean;
  /** Seconds until slow mode lets the user write. */
  waitS: number;
}

export function useSend({ serverId, channelId, area, addFiles }: Options): Send {
  const client = useClient();
  const toast = useToast();
  const describe = useDescribeError();
  const draft = useDraft(channelId);
  const [refusedText, setRefusedText] = useState<string | null>(null);
  const waitS = useSlowMode(serverId, channelId);
  const isTooLong = excessOf(draft) > 0;

  function send(): void {
    if (isTooLong) return setRefusedText(draft.text);
    if (waitS > 0) return;
    try {
      sendDraft(client, channelId);
    } catch (error) {
      toast({ title: describe(error), tone: "danger" });
    }
  }

  function sendAsFile(): void {
    if (!addFiles([new File([draft.text], "message.txt", { type: "text/plain" })])) return;
    changeDraft(channelId, { text: "", isWaiting: true });
    area.current?.focus();
  }

  return { send, sendAsFile, isTooLong, isRefused: isTooLong && refusedText === draft.text, waitS };
}
