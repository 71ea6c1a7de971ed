import type { TypingEntry } from "@miscord/client";
import { useTranslation } from "react-i18next";
import { useShallow } from "zustand/react/shallow";
import { useClientState } from "../../core/client.ts";
import { useChat } from "./chat-context.ts";

/** Fills the placeholders that a form with fewer names leaves out; the typed translations require all three. */
const noNames = { a: "", b: "", c: "" };

/** Takes the same height whether or not somebody types, so that the page does not move. */
export function TypingIndicator() {
  const { t } = useTranslation("chat");
  const { channelId, meId, nameOf, isBlocked } = useChat();
  const line = useClientState(
    useShallow(({ typing }) =>
      typingLine(
        Object.values(typing[channelId] ?? {}).filter(({ user }) => !isBlocked(user.id)),
        {
          now: Date.now(),
          meId,
          nameOf: ({ id, username }) => nameOf(id) ?? username,
        },
      ),
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
          <span className="truncate">{t(`typing.${line.form}`, { ...noNames, ...line })}</span>
        </>
      )}
    </div>
  );
}

type TypingLine =
  | { form: "one"; a: string }
  | { form: "two"; a: string; b: string }
  | { form: "three"; a: string; b: string; c: string }
  | { form: "many" };

/** The display names of the other users who are typing at `now` (ms); null when there are none. */
export function typingLine(
  entries: readonly TypingEntry[],
  { now, meId, nameOf }: { now: number; meId: number; nameOf: (user: TypingEntry["user"]) => string },
): TypingLine | null {
  const names = entries.filter(({ user, until }) => until > now && user.id !== meId).map(({ user }) => nameOf(user));
  const [a, b, c] = names;
  if (a === undefined) return null;
  if (b === undefined) return { form: "one", a };
  if (c === undefined) return { form: "two", a, b };
  return names.length === 3 ? { form: "three", a, b, c } : { form: "many" };
}
