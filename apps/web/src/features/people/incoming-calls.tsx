import { limits } from "@miscord/protocol";
import { Phone, PhoneOff } from "lucide-react";
import { useEffect, useEffectEvent } from "react";
import { useTranslation } from "react-i18next";
import { useLocation } from "wouter";
import { useShallow } from "zustand/react/shallow";
import { useClient, useClientState } from "../../core/client.ts";
import { paths } from "../../core/paths.ts";
import { dmName } from "../../core/people.ts";
import { Avatar } from "../../ui/avatar.tsx";
import { Button } from "../../ui/button.tsx";
import { commandKey } from "../../ui/kbd.tsx";
import { VisuallyHidden } from "../../ui/visually-hidden.tsx";
import { joinVoice } from "../voice/voice-actions.ts";
import { markAnswered, ringingIds, ringOf, useAnswered } from "./incoming-rings.ts";
import { useRingSigns } from "./use-ring-signs.ts";

const giveUpMs = (limits.ringSeconds + 5) * 1_000;

/**
 * Who is calling, above everything, toasts included. It is marked like toasts, which open dialogs leave usable, and takes no focus: whoever
 * writes at this moment must not answer by accident.
 */
export function IncomingCalls() {
  const answered = useAnswered();
  const ids = useClientState(useShallow((state) => ringingIds(state, answered)));
  return (
    <div
      data-toasts
      className="pointer-events-none fixed inset-x-3 top-3 z-80 flex flex-col gap-2 md:inset-x-0 md:mx-auto md:w-100"
    >
      {ids.map((channelId, index) => (
        <IncomingCall key={channelId} channelId={channelId} hasKeys={index === 0} />
      ))}
    </div>
  );
}

/** The ring, who calls, and what answers it and declines it. */
function useIncomingCall(channelId: number) {
  const { rest } = useClient();
  const [, navigate] = useLocation();
  const answered = useAnswered();
  const token = useClientState((state) => ringOf(state, channelId, answered)?.token ?? "");
  const caller = useClientState((state) => {
    const callerId = ringOf(state, channelId, answered)?.caller_id;
    return state.dms[channelId]?.recipients.find(({ id }) => id === callerId);
  });
  // The server ends it, unless it cannot be reached.
  useEffect(() => {
    const timer = setTimeout(() => markAnswered(token), giveUpMs);
    return () => clearTimeout(timer);
  }, [token]);
  useRingSigns({ token, channelId, caller: caller?.display_name ?? "" });
  return {
    caller,
    accept: () => {
      markAnswered(token);
      navigate(paths.dm(channelId));
      void joinVoice(channelId);
    },
    decline: () => {
      markAnswered(token);
      // It ends by itself when the server cannot be reached.
      rest.declineCall(channelId).catch(() => {});
    },
  };
}

function IncomingCall({ channelId, hasKeys }: { channelId: number; hasKeys: boolean }) {
  const { t } = useTranslation("people");
  const { caller, accept, decline } = useIncomingCall(channelId);
  const group = useClientState((state) =>
    state.channels[channelId]?.type === "group" ? dmName(state, channelId) : null,
  );
  useAnswerKeys(hasKeys, { accept, decline });
  if (!caller) return null;
  const name = caller.display_name;
  return (
    <section
      aria-label={t("call.incoming", { name })}
      className="animate-rise pointer-events-auto flex items-center gap-3 rounded-xl bg-overlay p-3 shadow-overlay"
    >
      <Avatar user={caller} size={40} ground="overlay" />
      <div className="min-w-0 flex-1">
        <p dir="auto" className="truncate font-semibold">
          {name}
        </p>
        <p className="line-clamp-2 text-sm wrap-break-word text-muted">
          {group === null ? t("call.incomingText") : t("call.incomingGroup", { group })}
        </p>
      </div>
      <VisuallyHidden>
        <span role="alert">
          {t("call.incoming", { name })} {hasKeys && t("call.keys", { key: commandKey })}
        </span>
      </VisuallyHidden>
      <Button
        variant="danger"
        aria-label={t("call.decline")}
        title={t("call.decline")}
        className="size-11 shrink-0 rounded-full! px-0!"
        icon={<PhoneOff size={20} aria-hidden />}
        onClick={decline}
      />
      <Button
        variant="primary"
        aria-label={t("call.accept")}
        title={t("call.accept")}
        className="size-11 shrink-0 rounded-full! px-0!"
        icon={<Phone size={20} aria-hidden />}
        onClick={accept}
      />
    </section>
  );
}

/** Ahead of the composer, which would send what is being written. */
function useAnswerKeys(isOn: boolean, { accept, decline }: { accept: () => void; decline: () => void }): void {
  const pressed = useEffectEvent((event: KeyboardEvent) => {
    if (event.key !== "Enter" || event.altKey || !(event.ctrlKey || event.metaKey)) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    if (event.shiftKey) decline();
    else accept();
  });
  useEffect(() => {
    if (!isOn) return undefined;
    const listen = (event: KeyboardEvent) => pressed(event);
    addEventListener("keydown", listen, { capture: true });
    return () => removeEventListener("keydown", listen, { capture: true });
  }, [isOn]);
}
