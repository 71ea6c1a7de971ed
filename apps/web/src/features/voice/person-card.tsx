import type { User } from "@miscord/protocol";
import { useTranslation } from "react-i18next";
import { useMe } from "../../core/client.ts";
import { openDialog } from "../../core/dialog-store.ts";
import { Avatar } from "../../ui/avatar.tsx";
import { Button } from "../../ui/button.tsx";
import { PersonCamera } from "./person-camera.tsx";
import { PersonModeration } from "./person-moderation.tsx";
import { PersonVolume } from "./person-volume.tsx";

/**
 * Profile of a participant, and how loud they are on this device; for the user themselves a way to their profile; for
 * moderators what they may do to the participant.
 */
export function PersonCard({ channelId, person }: { channelId: number; person: User }) {
  const { t } = useTranslation("voice");
  const isMe = useMe().id === person.id;
  return (
    <div className="p-3.5">
      <div className="flex items-center gap-3">
        <Avatar user={person} size={40} ground="overlay" />
        <div className="min-w-0">
          <p dir="auto" className="truncate font-semibold">
            {person.display_name}
          </p>
          <p className="truncate text-sm text-muted">@{person.username}</p>
        </div>
      </div>
      {isMe ? (
        <Button size="sm" className="mt-3 w-full" onClick={() => openDialog({ kind: "settings", tab: "profile" })}>
          {t("person.editProfile")}
        </Button>
      ) : (
        <>
          <PersonVolume person={person} />
          <PersonCamera person={person} />
        </>
      )}
      <PersonModeration channelId={channelId} person={person} />
    </div>
  );
}
