import { pollCalls } from "@miscord/client";
import type { Message, User } from "@miscord/protocol";
import { useCallback, useState } from "react";
import { useTranslation } from "react-i18next";
import { useClient, useClientState } from "../../../core/client.ts";
import { useDescribeError } from "../../../core/describe-error.ts";
import { nameOf } from "../../../core/name-of.ts";
import { usePersonIn } from "../../../core/people.ts";
import { useAction } from "../../../core/use-action.ts";
import { useLoaded } from "../../../core/use-loaded.ts";
import { Avatar } from "../../../ui/avatar.tsx";
import { Button } from "../../../ui/button.tsx";
import { Dialog } from "../../../ui/dialog.tsx";
import { Select } from "../../../ui/select.tsx";
import { Skeleton } from "../../../ui/skeleton.tsx";

/** Who has chosen which answer of a poll. */
export function VotersDialog({ message, onClose }: { message: Message; onClose: () => void }) {
  const { t } = useTranslation("polls");
  const [answer, setAnswer] = useState(0);
  // The votes may change while the dialog is open.
  const shown = useClientState(
    (state) => state.timelines[message.channel_id]?.messages.find(({ id }) => id === message.id) ?? message,
  );
  const options = (shown.poll?.answers ?? []).map(({ text, votes }, place) => ({
    value: String(place),
    label: `${text} (${votes})`,
  }));
  return (
    <Dialog open onOpenChange={onClose} title={t("who")}>
      <Select
        label={t("answers")}
        value={String(answer)}
        options={options}
        onChange={(place) => setAnswer(Number(place))}
      />
      <Voters key={answer} messageId={message.id} channelId={message.channel_id} answer={answer} />
    </Dialog>
  );
}

function Voters({ messageId, channelId, answer }: { messageId: number; channelId: number; answer: number }) {
  const { t } = useTranslation("polls");
  const client = useClient();
  const { run, busy } = useAction();
  const describe = useDescribeError();
  const { voters } = pollCalls(client.rest);
  const { loaded } = useLoaded(
    useCallback(() => pollCalls(client.rest).voters(messageId, answer), [client, messageId, answer]),
  );
  const [more, setMore] = useState<{ users: readonly User[]; hasMore: boolean }>({ users: [], hasMore: true });
  if (loaded.status === "failed") return <p className="mt-4 text-sm text-muted">{describe(loaded.error)}</p>;
  if (loaded.status === "loading") return <Skeleton className="mt-4 h-3.5 w-40" />;
  const users = [...loaded.value.users, ...more.users];
  const hasMore = loaded.value.has_more && more.hasMore;
  async function loadMore(): Promise<void> {
    const page = await voters(messageId, answer, users.at(-1)?.id);
    setMore({ users: [...more.users, ...page.users], hasMore: page.has_more });
  }
  if (users.length === 0) return <p className="mt-4 text-sm text-muted">{t("nobody")}</p>;
  return (
    <>
      <ul className="mt-3 flex flex-col">
        {users.map((user) => (
          <Voter key={user.id} user={user} channelId={channelId} />
        ))}
      </ul>
      {hasMore && (
        <Button className="mt-2" busy={busy} onClick={() => void run(loadMore)}>
          {t("showMore")}
        </Button>
      )}
    </>
  );
}

function Voter({ user, channelId }: { user: User; channelId: number }) {
  const person = usePersonIn(channelId, user);
  return (
    <li className="flex min-h-10 items-center gap-3">
      <Avatar user={person} size={32} ground="overlay" />
      <bdi className="truncate text-sm">{nameOf(person)}</bdi>
    </li>
  );
}
