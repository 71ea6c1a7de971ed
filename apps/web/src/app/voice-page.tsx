import { Podcast, Volume2 } from "lucide-react";
import { useTranslation } from "react-i18next";
import { LazyPart } from "../core/lazy-part.tsx";
import { MainPane } from "../layout/main-pane.tsx";
import { usePageTitle } from "../core/page-title.ts";
import { useClientState } from "../core/client.ts";
import { usePhone } from "../ui/use-media-query.ts";
import { Button } from "../ui/button.tsx";
import { EmptyState } from "../ui/empty-state.tsx";
import { InboxButton } from "../features/notifications/inbox-button.tsx";
import { MembersButton } from "../features/members/members-button.tsx";
import { MembersPane } from "../features/members/members-pane.tsx";
import { AddressNotice } from "../features/voice/address-notice.tsx";
import { CallDock } from "../features/voice/call-dock.tsx";
import { useCall } from "../features/voice/use-call.ts";
import { joinVoice } from "../features/voice/voice-actions.ts";
import { lazyWithTexts } from "../i18n/lazy-with-texts.ts";

const VoiceStage = lazyWithTexts(async () => (await import("../features/voice/voice-stage.tsx")).VoiceStage);

/** The page of a voice channel, at `/channels/:serverId/:channelId`. */
export function VoicePage({ serverId, channelId }: { serverId: number; channelId: number }) {
  const name = useClientState((state) => state.channels[channelId]?.name ?? "");
  const isStage = useClientState((state) => state.channels[channelId]?.type === "stage");
  const Icon = isStage ? Podcast : Volume2;
  const isInside = useCall((state) => state.channelId === channelId);
  const isEmpty = useClientState((state) => (state.voice[channelId] ?? []).length === 0);
  const isPhone = usePhone();
  usePageTitle(name);
  const title = (
    <h1 className="flex items-center gap-1.5 font-semibold">
      <Icon size={18} aria-hidden className="shrink-0 text-faint" />
      <span className="truncate">{name}</span>
    </h1>
  );
  const buttons = (
    <>
      <InboxButton />
      <MembersButton />
    </>
  );
  return (
    <>
      <MainPane title={title} buttons={buttons}>
        <LazyPart loading={<div className="flex-1" />}>
          {isEmpty && !isInside ? <Empty channelId={channelId} /> : <VoiceStage channelId={channelId} />}
        </LazyPart>
        {/* Wider screens show the call panel below the channel list, which phones keep closed. */}
        {isPhone && isInside && (
          <div className="pb-[env(safe-area-inset-bottom)]">
            <CallDock />
          </div>
        )}
      </MainPane>
      <MembersPane serverId={serverId} />
    </>
  );
}

function Empty({ channelId }: { channelId: number }) {
  const { t } = useTranslation("voice");
  return (
    <EmptyState
      icon={<Volume2 size={26} aria-hidden />}
      title={t("stage.empty")}
      description={t("stage.emptyHint")}
      actions={
        <div className="flex flex-col items-center gap-2">
          <Button variant="primary" onClick={() => void joinVoice(channelId)}>
            {t("stage.join")}
          </Button>
          <AddressNotice />
        </div>
      }
    />
  );
}
