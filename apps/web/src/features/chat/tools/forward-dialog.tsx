import { accessFacts, messageToolCalls, type ClientState } from "@miscord/client";
import { previewText, voiceLengthOf, type Message } from "@miscord/protocol";
import { can } from "@miscord/rights";
import { foldName } from "@miscord/text";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { useShallow } from "zustand/react/shallow";
import { useClient, useClientState } from "../../../core/client.ts";
import { channelName, dmIds } from "../../../core/people.ts";
import { voiceText } from "../../../core/voice-text.ts";
import { withRoles } from "../../../core/role-mentions.ts";
import { withThreads } from "../../../core/unread.ts";
import { useAction } from "../../../core/use-action.ts";
import { useToast } from "../../../ui/toast.tsx";
import { Button } from "../../../ui/button.tsx";
import { cx } from "../../../ui/cx.ts";
import { Dialog } from "../../../ui/dialog.tsx";
import { Field } from "../../../ui/field.tsx";
import { Input } from "../../../ui/input.tsx";

/** Places that are shown at once; a search finds the others. */
const shown = 30;

/** Sends a message to another channel in which the user may write. */
export function ForwardDialog({ message, onClose }: { message: Message; onClose: () => void }) {
  const { t } = useTranslation(["tools", "common"]);
  const client = useClient();
  const toast = useToast();
  const { busy, run } = useAction();
  const [chosen, setChosen] = useState<number | null>(null);
  const [comment, setComment] = useState("");
  const [nonce] = useState(() => crypto.randomUUID());
  async function send(): Promise<void> {
    if (chosen === null) return;
    const body = { channel_id: chosen, content: comment.trim(), nonce: `${nonce}-${chosen}` };
    const isSent = await run(() => messageToolCalls(client.rest).forward(message.id, body));
    if (!isSent) return;
    toast({ title: t("forward.done", { channel: placeName(client.store.getState(), chosen) }), tone: "success" });
    onClose();
  }
  return (
    <Dialog
      open
      onOpenChange={onClose}
      title={t("forward.title")}
      size="md"
      footer={
        <>
          <Button variant="ghost" onClick={onClose}>
            {t("common:cancel")}
          </Button>
          <Button variant="primary" busy={busy} disabled={chosen === null} onClick={() => void send()}>
            {t("forward.submit")}
          </Button>
        </>
      }
    >
      <blockquote
        dir="auto"
        className="mb-4 line-clamp-3 border-s-3 border-line-strong ps-3 text-sm text-muted wrap-anywhere"
      >
        {withRoles(previewText(message.content || (message.forwarded?.content ?? ""))) ||
          voiceText(voiceLengthOf(message).voice_ms) ||
          t("forward.files")}
      </blockquote>
      <Places chosen={chosen} onChoose={setChosen} />
      <Field label={t("forward.comment")} className="mt-4">
        <Input value={comment} maxLength={1_000} onChange={(event) => setComment(event.target.value)} />
      </Field>
    </Dialog>
  );
}

/** The places to choose from, and a search for them. */
function Places({ chosen, onChoose }: { chosen: number | null; onChoose: (id: number) => void }) {
  const { t } = useTranslation("tools");
  const [query, setQuery] = useState("");
  const ids = useClientState(useShallow(writableIds));
  const names = useClientState(useShallow((state) => ids.map((id) => placeName(state, id))));
  const wanted = foldName(query.trim().replace(/^[#@]/, ""));
  const found = ids
    .map((id, index) => ({ id, name: names[index]! }))
    .filter(({ name }) => foldName(name).includes(wanted))
    .slice(0, shown);
  return (
    <>
      <Field label={t("forward.search")}>
        <Input value={query} autoComplete="off" onChange={(event) => setQuery(event.target.value)} />
      </Field>
      {found.length === 0 && <p className="pt-3 text-sm text-faint">{t("forward.none")}</p>}
      <ul aria-label={t("forward.places")} className="mt-2 flex max-h-56 flex-col overflow-y-auto">
        {found.map(({ id, name }) => (
          <li key={id}>
            <button
              type="button"
              aria-pressed={chosen === id}
              onClick={() => onChoose(id)}
              className={cx(
                "focus-inset flex min-h-9 w-full items-center rounded-md px-2.5 py-1 text-left text-sm",
                chosen === id ? "bg-active font-medium" : "hover:bg-hover",
              )}
            >
              <bdi className="truncate">{name}</bdi>
            </button>
          </li>
        ))}
      </ul>
    </>
  );
}

/** Channels of servers and conversations in which the user may write, the conversations first. */
function writableIds(state: ClientState): number[] {
  const ofServers = state.serverIds.flatMap((serverId) =>
    withThreads(state, serverId).filter((id) => {
      const facts = accessFacts(state, serverId, id);
      return state.channels[id]?.type !== "forum" && facts !== null && can(facts, "sendMessages");
    }),
  );
  return [...dmIds(state), ...ofServers];
}

function placeName(state: ClientState, id: number): string {
  const server = state.servers[state.channels[id]?.server_id ?? 0]?.name;
  return server === undefined ? channelName(state, id) : `${channelName(state, id)} · ${server}`;
}
