import { useMessageAnnouncements } from "../features/notifications/use-message-announcements.ts";
import { DirectMessageListener } from "../features/people/direct-message-listener.tsx";
import { useStillPictures } from "../core/still-pictures.ts";
import { OwnListener } from "./own-listener.tsx";

/** What goes on while somebody is logged in, whatever is on the screen. */
export function Background() {
  useMessageAnnouncements();
  useStillPictures();
  return (
    <>
      <DirectMessageListener />
      <OwnListener />
    </>
  );
}
