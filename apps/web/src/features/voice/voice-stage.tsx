import type { VoiceMember } from "@miscord/client";
import { useRef, useState, type ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { useClientState, useMe } from "../../core/client.ts";
import { Button } from "../../ui/button.tsx";
import { useBlocked, usePersonIn } from "../../core/people.ts";
import { Audience } from "./audience.tsx";
import { AddressNotice } from "./address-notice.tsx";
import { useShownCameras, useSmallPictures } from "./camera/shown-cameras.ts";
import type { Enlarging } from "./enlarge-area.tsx";
import { PopOutButton } from "./pop-out/pop-out-button.tsx";
import { usePoppedOut } from "./pop-out/popped.ts";
import { StageIsOut } from "./pop-out/stage-is-out.tsx";
import { OwnScreenTile } from "./own-screen-tile.tsx";
import { PersonTile } from "./person-tile.tsx";
import { ScreenTile } from "./screen-tile.tsx";
import { placeTiles, smallHeight, type Place } from "./stage-layout.ts";
import { PlayedSound } from "./soundboard/played-sound.tsx";
import { useCallName } from "./use-call-name.ts";
import { useCall } from "./use-call.ts";
import { useSize } from "./use-size.ts";
import { useStageMembers } from "./use-stage-members.ts";
import { joinVoice } from "./voice-actions.ts";
import { useVoiceSettings } from "./voice-settings.ts";

const nobody: readonly VoiceMember[] = [];

/** Something on the stage. `key` names it as long as it is there. */
type Tile =
  | { key: string; kind: "person"; member: VoiceMember }
  | { key: string; kind: "screen"; member: VoiceMember }
  | { key: "own screen"; kind: "own screen" };

/** All participants of the channel, of a stage the speakers, with their cameras and shared screens. The tiles fill the page. */
export function VoiceStage({ channelId }: { channelId: number }) {
  const all = useClientState((state) => state.voice[channelId] ?? nobody);
  const serverId = useClientState((state) => {
    const channel = state.channels[channelId];
    return channel?.type === "stage" ? channel.server_id : null;
  });
  const members = useStageMembers(channelId);
  const isInside = useCall((state) => state.channelId === channelId);
  const isOut = usePoppedOut(({ popped }) => popped === "stage") && isInside;
  const tiles = useTiles(channelId, members);
  return (
    <div className="flex min-h-0 flex-1 flex-col gap-3 p-3">
      {isOut ? (
        <StageIsOut />
      ) : (
        <Stage channelId={channelId} tiles={tiles}>
          {serverId !== null && members.length === 0 && <NobodySpeaks />}
        </Stage>
      )}
      {serverId !== null && <Audience serverId={serverId} channelId={channelId} members={all} />}
      {!isInside && <JoinBar channelId={channelId} />}
      {isInside && !isOut && (
        <div className="-mb-1 flex justify-end empty:hidden">
          <PopOutButton popped="stage" />
        </div>
      )}
    </div>
  );
}

function useTiles(channelId: number, members: readonly VoiceMember[]): Tile[] {
  const me = useMe();
  const isInside = useCall((state) => state.channelId === channelId);
  const isShowing = useCall((state) => state.screen !== null);
  const blocked = useBlocked();
  const isShown = ({ is_sharing, user }: VoiceMember) => is_sharing && user.id !== me.id && !blocked.has(user.id);
  const sharers = isInside ? members.filter(isShown) : nobody;
  return [
    ...sharers.map((member): Tile => ({ key: `screen ${member.user.id}`, kind: "screen", member })),
    ...(isInside && isShowing ? [{ key: "own screen", kind: "own screen" } as const] : []),
    ...members.map((member): Tile => ({
      key: `person ${member.user.id}`,
      kind: "person",
      member: blocked.has(member.user.id) ? { ...member, is_camera_on: false } : member,
    })),
  ];
}

function Stage({ channelId, tiles, children }: { channelId: number; tiles: readonly Tile[]; children: ReactNode }) {
  const { t } = useTranslation("voice");
  const name = useCallName(channelId);
  const stage = useRef<HTMLDivElement>(null);
  const size = useSize(stage);
  const [wanted, setWanted] = useState<string | null>(null);
  const hidden = useVoiceSettings((settings) => settings.hiddenCameras);
  const enlarged = tiles.find((tile) => tile.key === wanted && isPicture(tile, hidden)) ?? null;
  useShownCameras(channelId, enlarged?.kind === "person" ? enlarged.member.user.id : null);
  const placed = arrange(tiles, enlarged, size);
  useSmallPictures({ cameras: smallOf(placed, "person"), screens: smallOf(placed, "screen") });
  return (
    <div ref={stage} className="relative flex min-h-0 flex-1 overflow-hidden">
      {size.width > 0 && (
        <ul aria-label={t("stage.people", { channel: name })}>
          {placed.map(({ tile, place, isSmall }) => (
            <li key={tile.key} className="absolute" style={place}>
              <TileContent
                channelId={channelId}
                tile={tile}
                height={place.height}
                isSmall={isSmall}
                enlarging={{
                  isEnlarged: tile === enlarged,
                  onToggle: () => setWanted(tile === enlarged ? null : tile.key),
                }}
              />
              {tile.kind === "person" && <PlayedSound userId={tile.member.user.id} />}
            </li>
          ))}
        </ul>
      )}
      {children}
    </div>
  );
}

function isPicture(tile: Tile, hidden: readonly number[]): boolean {
  return tile.kind !== "person" || (tile.member.is_camera_on && !hidden.includes(tile.member.user.id));
}

interface Placed {
  tile: Tile;
  place: Place;
  isSmall: boolean;
}

/** Shared screens are large, or else what is enlarged. The order stays, so that nothing jumps for those who use the keyboard. */
function arrange(tiles: readonly Tile[], enlarged: Tile | null, size: { width: number; height: number }): Placed[] {
  const isLarge = (tile: Tile) => (enlarged ? tile === enlarged : tile.kind !== "person");
  const large = tiles.filter(isLarge);
  const small = tiles.filter((tile) => !isLarge(tile));
  const places = placeTiles(size, { large: large.length, small: small.length });
  return tiles.map((tile) => {
    const isSmall = !isLarge(tile);
    const place = isSmall ? places.small[small.indexOf(tile)]! : places.large[large.indexOf(tile)]!;
    return { tile, place, isSmall };
  });
}

/** Whose pictures of this kind are in tiles so small that their small encoding is enough. */
function smallOf(placed: readonly Placed[], kind: "person" | "screen"): number[] {
  return placed.flatMap(({ tile, place }) =>
    tile.kind !== "own screen" && tile.kind === kind && place.height > 0 && place.height <= smallHeight
      ? tile.member.user.id
      : [],
  );
}

interface TileContentProps {
  channelId: number;
  tile: Tile;
  height: number;
  isSmall: boolean;
  enlarging: Enlarging;
}

function TileContent({ channelId, tile, height, isSmall, enlarging }: TileContentProps) {
  if (tile.kind === "own screen") return <OwnScreenTile enlarging={enlarging} isSmall={isSmall} />;
  if (tile.kind === "person") {
    return <PersonTile channelId={channelId} member={tile.member} height={height} enlarging={enlarging} />;
  }
  return <SharedScreen channelId={channelId} user={tile.member.user} enlarging={enlarging} isSmall={isSmall} />;
}

interface SharedScreenProps {
  channelId: number;
  user: VoiceMember["user"];
  enlarging: Enlarging;
  isSmall: boolean;
}

function SharedScreen({ channelId, user, enlarging, isSmall }: SharedScreenProps) {
  const { id, display_name: name } = usePersonIn(channelId, user);
  return <ScreenTile userId={id} name={name} enlarging={enlarging} isSmall={isSmall} />;
}

function NobodySpeaks() {
  const { t } = useTranslation("voice");
  return <p className="m-auto p-4 text-muted">{t("speakers.nobody")}</p>;
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
