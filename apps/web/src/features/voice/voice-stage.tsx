import type { VoiceMember } from "@miscord/client";
import { useTranslation } from "react-i18next";
import { useClientState, useMe } from "../../core/client.ts";
import { Button } from "../../ui/button.tsx";
import { cx } from "../../ui/cx.ts";
import { OwnScreenTile } from "./own-screen-tile.tsx";
import { PersonTile } from "./person-tile.tsx";
import { ScreenTile } from "./screen-tile.tsx";
import { useCall } from "./use-call.ts";
import { joinVoice } from "./voice-actions.ts";

const nobody: readonly VoiceMember[] = [];

/** All participants of the channel and their shared screens. */
export function VoiceStage({ channelId }: { channelId: number }) {
  const { t } = useTranslation("voice");
  const me = useMe();
  const name = useClientState((state) => state.channels[channelId]?.name ?? "");
  const members = useClientState((state) => state.voice[channelId] ?? nobody);
  const isInside = useCall((state) => state.channelId === channelId);
  const isShowing = useCall((state) => state.screen !== null);
  const sharers = isInside ? members.filter(({ is_sharing, user }) => is_sharing && user.id !== me.id) : nobody;
  const hasScreens = sharers.length > 0 || (isInside && isShowing);
  return (
    <div className="flex min-h-0 flex-1 flex-col gap-3 overflow-y-auto p-3">
      {hasScreens && (
        <ul className="grid gap-3 has-[li:nth-child(2)]:xl:grid-cols-2">
          {sharers.map(({ user }) => (
            <li key={user.id}>
              <ScreenTile userId={user.id} name={user.display_name} />
            </li>
          ))}
          {isInside && isShowing && (
            <li>
              <OwnScreenTile />
            </li>
          )}
        </ul>
      )}
      <ul
        aria-label={t("stage.people", { channel: name })}
        className={cx("flex flex-wrap justify-center gap-3", !hasScreens && "my-auto")}
      >
        {members.map((member) => (
          <li key={member.user.id} className={hasScreens ? "w-40 grow" : "w-[calc(50%-0.375rem)] md:w-64"}>
            <PersonTile channelId={channelId} member={member} />
          </li>
        ))}
      </ul>
      {!isInside && (
        <div className="mb-auto flex justify-center pt-2">
          <Button variant="primary" size="lg" onClick={() => void joinVoice(channelId)}>
            {t("stage.join")}
          </Button>
        </div>
      )}
    </div>
  );
}
