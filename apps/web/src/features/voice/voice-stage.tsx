import type { VoiceMember } from "@miscord/client";
import { useRef } from "react";
import { useTranslation } from "react-i18next";
import { useClientState, useMe } from "../../core/client.ts";
import { Button } from "../../ui/button.tsx";
import { dmName, useBlocked, usePersonIn } from "../../core/people.ts";
import { Audience } from "./audience.tsx";
import { AddressNotice } from "./address-notice.tsx";
import { OwnScreenTile } from "./own-screen-tile.tsx";
import { PersonTile } from "./person-tile.tsx";
import { ScreenTile } from "./screen-tile.tsx";
import { divideStage, gridFor, stageGap } from "./stage-layout.ts";
import { useCall } from "./use-call.ts";
import { useSize } from "./use-size.ts";
import { joinVoice } from "./voice-actions.ts";

const nobody: readonly VoiceMember[] = [];
const screenAspect = { narrowest: 16 / 9, widest: 16 / 9 };

interface Area {
  width: number;
  height: number;
}

/** All participants of the channel, of a stage the speakers, and their shared screens. The tiles fill the page. */
export function VoiceStage({ channelId }: { channelId: number }) {
  const me = useMe();
  const all = useClientState((state) => state.voice[channelId] ?? nobody);
  const serverId = useClientState((state) => {
    const channel = state.channels[channelId];
    return channel?.type === "stage" ? channel.server_id : null;
  });
  const members = serverId === null ? all : all.filter(({ is_suppressed }) => !is_suppressed);
  const isInside = useCall((state) => state.channelId === channelId);
  const isShowing = useCall((state) => state.screen !== null);
  const blocked = useBlocked();
  const isShown = ({ is_sharing, user }: VoiceMember) => is_sharing && user.id !== me.id && !blocked.has(user.id);
  const sharers = isInside ? members.filter(isShown) : nobody;
  const showsOwn = isInside && isShowing;
  const stage = useRef<HTMLDivElement>(null);
  const size = useSize(stage);
  const { direction, screens, people } = divideStage(size, sharers.length + (showsOwn ? 1 : 0));
  return (
    <div className="flex min-h-0 flex-1 flex-col gap-3 p-3">
      <div ref={stage} className="min-h-0 flex-1 overflow-hidden">
        {size.width > 0 && (
          <div className={`flex gap-3 ${direction === "row" ? "" : "flex-col"}`}>
            {screens && <Screens channelId={channelId} area={screens} sharers={sharers} showsOwn={showsOwn} />}
            {serverId !== null && members.length === 0 ? (
              <NobodySpeaks />
            ) : (
              <People area={people} channelId={channelId} members={members} />
            )}
          </div>
        )}
      </div>
      {serverId !== null && <Audience serverId={serverId} channelId={channelId} members={all} />}
      {!isInside && <JoinBar channelId={channelId} />}
    </div>
  );
}

function NobodySpeaks() {
  const { t } = useTranslation("voice");
  return <p className="m-auto p-4 text-muted">{t("speakers.nobody")}</p>;
}

interface ScreensProps {
  channelId: number;
  area: Area;
  sharers: readonly VoiceMember[];
  showsOwn: boolean;
}

function SharedScreen({ channelId, user }: { channelId: number; user: VoiceMember["user"] }) {
  const { id, display_name: name } = usePersonIn(channelId, user);
  return <ScreenTile userId={id} name={name} />;
}

function Screens({ channelId, area, sharers, showsOwn }: ScreensProps) {
  const { columns, width } = gridFor(sharers.length + (showsOwn ? 1 : 0), area, screenAspect);
  const rows = Math.ceil((sharers.length + (showsOwn ? 1 : 0)) / columns);
  const cell = { width: columns === 1 ? area.width : width, height: (area.height - stageGap * (rows - 1)) / rows };
  return (
    <ul className="flex flex-wrap content-center justify-center gap-3" style={area}>
      {sharers.map(({ user }) => (
        <li key={user.id} style={cell}>
          <SharedScreen channelId={channelId} user={user} />
        </li>
      ))}
      {showsOwn && (
        <li style={cell}>
          <OwnScreenTile />
        </li>
      )}
    </ul>
  );
}

function People({ area, channelId, members }: { area: Area; channelId: number; members: readonly VoiceMember[] }) {
  const { t } = useTranslation("voice");
  const name = useClientState((state) =>
    channelId in state.dms ? dmName(state, channelId) : (state.channels[channelId]?.name ?? ""),
  );
  const { width, height } = gridFor(members.length, area);
  return (
    <ul
      aria-label={t("stage.people", { channel: name })}
      className="flex flex-wrap content-center justify-center gap-3"
      style={area}
    >
      {members.map((member) => (
        <li key={member.user.id} style={{ width, height }}>
          <PersonTile channelId={channelId} member={member} height={height} />
        </li>
      ))}
    </ul>
  );
}

function JoinBar({ channelId }: { channelId: number }) {
  const { t } = useTranslation("voice");
  return (
    <div className="flex flex-col items-center gap-2 pb-2">
      <Button variant="primary" size="lg" onClick={() => void joinVoice(channelId)}>
        {t("stage.join")}
      </Button>
      <AddressNotice />
    </div>
  );
}
