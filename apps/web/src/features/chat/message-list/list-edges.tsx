import { Hash, MessageSquare } from "lucide-react";
import { useTranslation } from "react-i18next";
import { useClientState } from "../../../core/client.ts";
import { dmName } from "../../../core/people.ts";
import { Button } from "../../../ui/button.tsx";
import { LazyPart } from "../../../core/lazy-part.tsx";
import { lazyWithTexts } from "../../../i18n/lazy-with-texts.ts";
import { useChat } from "../chat-context.ts";
import { MessageSkeleton } from "../message-skeleton.tsx";

/** Fixed heights in CSS pixels: an edge that changed its height would move the messages below it. */
export const edgePx = { welcome: 188, older: 220, newer: 160, present: 12 } as const;

interface EdgeProps {
  failed: boolean;
  onRetry: () => void;
}

/** Shown above the first loaded message while older ones exist. */
export function OlderEdge({ failed, onRetry }: EdgeProps) {
  const { t } = useTranslation("chat");
  return (
    <div
      style={{ height: edgePx.older }}
      className="absolute inset-x-0 top-0 flex flex-col justify-end overflow-hidden pb-5"
    >
      {failed ? <Failed text={t("list.olderFailed")} onRetry={onRetry} /> : <Loading />}
    </div>
  );
}

/** Shown below the last loaded message while newer ones exist. */
export function NewerEdge({ failed, onRetry }: EdgeProps) {
  const { t } = useTranslation("chat");
  return (
    <div style={{ height: edgePx.newer }} className="absolute inset-x-0 bottom-0 overflow-hidden pt-5">
      {failed ? <Failed text={t("list.newerFailed")} onRetry={onRetry} /> : <Loading />}
    </div>
  );
}

function Loading() {
  const { t } = useTranslation("chat");
  return (
    <div role="status" aria-label={t("list.loading")}>
      <MessageSkeleton count={3} />
    </div>
  );
}

function Failed({ text, onRetry }: { text: string; onRetry: () => void }) {
  const { t } = useTranslation("chat");
  return (
    <div role="alert" className="flex flex-col items-center gap-2 px-4 text-center text-sm text-muted">
      {text}
      <Button size="sm" onClick={onRetry}>
        {t("list.retry")}
      </Button>
    </div>
  );
}

const ThreadStart = lazyWithTexts(async () => (await import("../thread-start.tsx")).ThreadStart);

/** Shown above the first message of the channel. */
export function WelcomeEdge({ isEmpty }: { isEmpty: boolean }) {
  const { t } = useTranslation(["chat", "people"]);
  const { channelId } = useChat();
  const channel = useClientState((state) => state.channels[channelId]?.name ?? "");
  const isPrivate = useClientState((state) => channelId in state.dms);
  const isThread = useClientState((state) => channelId in state.threads);
  const name = useClientState((state) => (isPrivate ? dmName(state, channelId) : channel));
  const title = isThread ? channel : t("list.welcome", { channel });
  const text = isEmpty ? t("list.welcomeEmpty") : t("list.welcomeText");
  return (
    <div style={{ height: edgePx.welcome }} className="absolute inset-x-0 top-0 flex flex-col justify-end px-4 pb-4">
      <div className="mb-3 flex size-14 items-center justify-center rounded-xl bg-accent-soft text-link">
        {isPrivate || isThread ? <MessageSquare size={28} aria-hidden /> : <Hash size={30} aria-hidden />}
      </div>
      <h2 className="line-clamp-2 text-2xl font-bold wrap-break-word">
        {isPrivate ? t("people:welcome", { name }) : title}
      </h2>
      <p className={isThread ? "mt-1 h-6 text-muted" : "mt-1 text-muted"}>
        {isThread ? (
          <LazyPart>
            <ThreadStart threadId={channelId} />
          </LazyPart>
        ) : isPrivate ? (
          t("people:welcomeText")
        ) : (
          text
        )}
      </p>
    </div>
  );
}
