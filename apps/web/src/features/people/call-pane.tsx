import type { VoiceMember } from "@miscord/client";
import { Phone } from "lucide-react";
import { useEffect } from "react";
import { useTranslation } from "react-i18next";
import { useShallow } from "zustand/react/shallow";
import { useClient, useClientState } from "../../core/client.ts";
import { LazyPart } from "../../core/lazy-part.tsx";
import { nameOf } from "../../core/name-of.ts";
import { othersIn } from "../../core/people.ts";
import { useElapsed } from "../../core/use-elapsed.ts";
import { lazyWithTexts } from "../../i18n/lazy-with-texts.ts";
import { Avatar } from "../../ui/avatar.tsx";
import { Button } from "../../ui/button.tsx";
import { useToast } from "../../ui/toast.tsx";
import { usePhone } from "../../ui/use-media-query.ts";
import { CallDock } from "../voice/call-dock.tsx";
import { useCall } from "../voice/use-call.ts";
import { joinVoice } from "../voice/voice-actions.ts";
import { PlainCallNote } from "./plain-call-note.tsx";

const VoiceStage = lazyWithTexts(async () => (await import("../voice/voice-stage.tsx")).VoiceStage);

const nobody: readonly VoiceMember[] = [];
const shownFaces = 5;
const settledMs = 1_500;

/** The call of a private channel, above its messages: who is in it, or the way into it. */
export function CallPane({ channelId }: { channelId: number }) {
  const { t } = useTranslation("people");
  const isInside = useCall((state) => state.channelId === channelId);
  const members = useClientState((state) => state.voice[channelId] ?? nobody);
  if (isInside) return <OwnCall channelId={channelId} />;
  if (members.length === 0) return null;
  return (
    <section aria-label={t("call.label")} className="flex items-center gap-3 border-b border-line bg-sunken px-4 py-2">
      <span className="flex -space-x-2">
        {members.slice(0, shownFaces).map(({ user }) => (
          <Avatar key={user.id} user={user} size={24} ground="sunken" />
        ))}
      </span>
      <p className="min-w-0 flex-1 truncate text-sm">{t("call.going", { count: members.length })}</p>
      <Button size="sm" variant="primary" onClick={() => void joinVoice(channelId)}>
        {t("call.joinShort")}
      </Button>
    </section>
  );
}

function OwnCall({ channelId }: { channelId: number }) {
  const { t } = useTranslation("people");
  const isPhone = usePhone();
  useRefusal();
  return (
    <section aria-label={t("call.label")} className="flex shrink-0 flex-col border-b border-line bg-sunken">
      <div className="flex h-[34vh] min-h-44 flex-col">
        <LazyPart>
          <VoiceStage channelId={channelId} />
        </LazyPart>
      </div>
      <PlainCallNote channelId={channelId} />
      <Absent channelId={channelId} />
      {isPhone && <CallDock />}
    </section>
  );
}

/** Those who are not in the call: whether it rings them, or a button that does. */
function Absent({ channelId }: { channelId: number }) {
  const { t } = useTranslation("people");
  const { voice } = useClient();
  const isGroup = useClientState((state) => state.channels[channelId]?.type === "group");
  const isConnected = useCall(({ status }) => status === "connected");
  // Until then the answer to a ring is on its way.
  const isSettled = useElapsed(settledMs, isConnected);
  const absent = useClientState(
    useShallow((state) => {
      const present = new Set((state.voice[channelId] ?? nobody).map(({ user }) => user.id));
      return othersIn(state, channelId).filter(({ id, is_deleted }) => !present.has(id) && !is_deleted);
    }),
  );
  const ringing = useClientState(
    useShallow((state) => state.dms[channelId]?.rings.map(({ user_id }) => user_id) ?? []),
  );
  if (absent.length === 0) return null;
  return (
    <ul
      aria-label={t("call.absent")}
      className="flex max-h-24 flex-wrap items-center justify-center gap-x-4 gap-y-1 overflow-y-auto px-4 pb-3 text-sm"
    >
      {absent.map((user) => (
        <li key={user.id} className="flex min-h-8 min-w-0 items-center gap-2">
          {isGroup && <Avatar user={user} size={24} ground="sunken" />}
          <span dir="auto" role="status" className="min-w-0 truncate text-muted">
            {absenceText(nameOf(user), ringing.includes(user.id))}
          </span>
          {isSettled && !ringing.includes(user.id) && (
            <Button
              size="sm"
              icon={<Phone size={15} aria-hidden />}
              aria-label={t("call.ring", { name: nameOf(user) })}
              onClick={() => voice.ring([user.id])}
            >
              {!isGroup && t("call.ringAgain")}
            </Button>
          )}
        </li>
      ))}
    </ul>
  );

  function absenceText(name: string, isRung: boolean): string {
    if (!isGroup) return t(isRung || !isSettled ? "call.ringingAlone" : "call.absentAlone", { name });
    return isRung ? `${name} · ${t("call.ringing")}` : name;
  }
}

/** Says why nobody is rung. */
function useRefusal(): void {
  const { t } = useTranslation("people");
  const toast = useToast();
  const refused = useCall((state) => state.ringRefused);
  useEffect(() => {
    if (refused === null) return;
    const texts = { rate_limited: t("call.tooOften"), forbidden: t("call.refused") };
    const title = refused === "rate_limited" || refused === "forbidden" ? texts[refused] : t("call.failed");
    toast({ title, tone: "danger" });
  }, [refused, t, toast]);
}
