import type { ClientState } from "@miscord/client";
import { Headphones, HeadphoneOff, Mic, MicOff, PhoneOff, Settings2 } from "lucide-react";
import { useTranslation } from "react-i18next";
import { Link } from "wouter";
import { useClientState } from "../../core/client.ts";
import { openDialog } from "../../core/dialog-store.ts";
import { paths } from "../../core/paths.ts";
import { dmName } from "../../core/people.ts";
import { AlertBanner } from "../../ui/alert-banner.tsx";
import { Button } from "../../ui/button.tsx";
import { IconButton } from "../../ui/icon-button.tsx";
import { CameraButton } from "./camera/camera-button.tsx";
import { EncryptionPopover } from "./encryption/encryption-popover.tsx";
import { overallQuality, QualityMark } from "./quality-mark.tsx";
import { QualityPopover } from "./quality-popover.tsx";
import { ShareButton } from "./share-button.tsx";
import { useCall } from "./use-call.ts";
import { PlayedSounds } from "./soundboard/played-sound.tsx";
import { SoundboardButton } from "./soundboard/soundboard-button.tsx";
import { leaveVoice, toggleDeafen, toggleMute } from "./voice-actions.ts";
import { useVoiceMedia } from "./voice-media.ts";
import { VoiceProblem } from "./voice-problem.tsx";

/** The user's current call, above the user panel. */
export function VoicePanel() {
  const { t } = useTranslation("voice");
  const channelId = useCall((state) => state.channelId);
  const isPrivate = useClientState((state) => channelId !== null && channelId in state.dms);
  if (channelId === null) return null;
  const leave = t(isPrivate ? "panel.hangUp" : "panel.leave");
  return (
    <section aria-label={t("panel.label")} className="border-t border-line px-2 py-2">
      <VoiceProblem />
      <Restraints channelId={channelId} />
      <PlayedSounds channelId={channelId} />
      <div className="flex items-center gap-1">
        <ConnectionButton channelId={channelId} />
        <EncryptionPopover channelId={channelId} />
        <Button
          variant="danger"
          aria-label={leave}
          title={leave}
          className="w-11 shrink-0 px-0!"
          icon={<PhoneOff size={18} aria-hidden />}
          onClick={leaveVoice}
        />
      </div>
      <Controls channelId={channelId} />
    </section>
  );
}

/** What moderators have imposed on the user. */
function Restraints({ channelId }: { channelId: number }) {
  const { t } = useTranslation("voice");
  const { is_server_muted, is_server_deafened, is_suppressed } = useCall((state) => state.restraint);
  const isStage = useClientState((state) => state.channels[channelId]?.type === "stage");
  const texts = [
    is_server_muted && t("restraint.muted"),
    is_server_deafened && t("restraint.deafened"),
    is_suppressed && t(isStage ? "speakers.listening" : "restraint.suppressed"),
  ].filter((text) => text !== false);
  return (
    <div role="status">
      {texts.map((text) => (
        <AlertBanner key={text} className="mb-2">
          {text}
        </AlertBanner>
      ))}
    </div>
  );
}

function ConnectionButton({ channelId }: { channelId: number }) {
  const { t } = useTranslation("voice");
  const status = useCall((state) => state.status);
  // The browser is asking for the permission, or the device is slow to open.
  const isOpening = useVoiceMedia(({ microphone }) => microphone === "opening");
  const quality = useCall(overallQuality);
  const channel = useClientState((state) => state.channels[channelId]);
  const name = useClientState((state) => callName(state, channelId));
  return (
    <div className="flex min-w-0 flex-1 items-center gap-1">
      <QualityPopover
        trigger={
          <IconButton
            label={t("quality.open", { quality: t(`quality.${quality}`) })}
            icon={<QualityMark quality={quality} />}
          />
        }
      />
      <div className="min-w-0">
        <p role="status" className="truncate text-sm font-semibold leading-4.5">
          {status === "connected" && isOpening ? t("panel.silent") : status !== "idle" && t(`status.${status}`)}
        </p>
        {channel && (
          <Link
            href={paths.channelOf(channel)}
            className="block truncate text-xs text-muted hover:text-ink hover:underline"
          >
            {name}
          </Link>
        )}
      </div>
    </div>
  );
}

/** The channel and its server, or whose conversation it is. */
function callName(state: ClientState, channelId: number): string {
  const channel = state.channels[channelId];
  if (!channel || channel.server_id === null) return dmName(state, channelId);
  return `${channel.name} · ${state.servers[channel.server_id]?.name ?? ""}`;
}

/**
 * Buttons to mute, deafen, turn the camera on, share the screen, play sounds and open the settings. A toggle's label names its next action; it is
 * pressed while its state is on.
 */
function Controls({ channelId }: { channelId: number }) {
  const { t } = useTranslation("voice");
  const isMuted = useCall((state) => state.isMuted);
  const isDeafened = useCall((state) => state.isDeafened);
  // A microphone that is still opening is not shown as missing.
  const isMissing = useVoiceMedia(({ microphone }) => microphone === "off");
  const isSilenced = useCall(({ restraint }) => restraint.is_server_muted || restraint.is_suppressed);
  const isServerDeafened = useCall(({ restraint }) => restraint.is_server_deafened);
  const isSilent = isMuted || isMissing || isSilenced;
  return (
    <div className="mt-1 flex justify-between">
      <IconButton
        label={isMuted ? t("panel.unmute") : t("panel.mute")}
        pressed={isMuted || isSilenced}
        disabled={isSilenced}
        icon={isSilent ? <MicOff size={18} className="text-danger-ink" /> : <Mic size={18} />}
        onClick={toggleMute}
      />
      <IconButton
        label={isDeafened ? t("panel.undeafen") : t("panel.deafen")}
        pressed={isDeafened || isServerDeafened}
        disabled={isServerDeafened}
        icon={
          isDeafened || isServerDeafened ? (
            <HeadphoneOff size={18} className="text-danger-ink" />
          ) : (
            <Headphones size={18} />
          )
        }
        onClick={toggleDeafen}
      />
      <CameraButton />
      <ShareButton />
      <SoundboardButton channelId={channelId} />
      <IconButton
        label={t("panel.settings")}
        icon={<Settings2 size={18} />}
        onClick={() => openDialog({ kind: "settings", tab: "voice" })}
      />
    </div>
  );
}
