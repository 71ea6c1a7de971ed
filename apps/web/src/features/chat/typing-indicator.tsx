import { useTranslation } from "react-i18next";
import { useShallow } from "zustand/react/shallow";
import { useClientState } from "../../core/client.ts";
import { useChat } from "./chat-context.ts";
import { typingLine } from "./typing-line.ts";

/** A line has the names of its form alone; the texts are typed for any. */
const nobody = { a: "", b: "", c: "" };

/** Has its place whether or not somebody types, so that nothing moves. */
export function TypingIndicator() {
  const { t } = useTranslation("chat");
  const { channelId, meId, nameOf } = useChat();
  const line = useClientState(
    useShallow(({ typing }) =>
      typingLine(Object.values(typing[channelId] ?? {}), {
        now: Date.now(),
        meId,
        nameOf: ({ id, username }) => nameOf(id) ?? username,
      }),
    ),
  );
  return (
    <div className="flex h-6 shrink-0 items-center gap-2 px-4 text-xs text-muted">
      {line && (
        <>
          <span aria-hidden className="flex gap-0.75">
            {[0, 160, 320].map((delayMs) => (
              <span
                key={delayMs}
                style={{ animationDelay: `${delayMs}ms` }}
                className="size-1.25 animate-pulse rounded-full bg-mark"
              />
            ))}
          </span>
          <span className="truncate">{t(`typing.${line.form}`, { ...nobody, ...line })}</span>
        </>
      )}
    </div>
  );
}
