import type { CallState, SmallPictures } from "@miscord/client";
import { limits } from "@miscord/protocol";
import { useEffect } from "react";
import { useShallow } from "zustand/shallow";
import { client, useMe } from "../../../core/client.ts";
import { useBlocked } from "../../../core/people.ts";
import { useCall } from "../use-call.ts";
import { useVoiceSettings } from "../voice-settings.ts";
import { chooseCameras } from "./choose-cameras.ts";

/** A page that nobody sees for this long receives no cameras; a glance at another tab costs nothing. */
const hiddenMs = 10_000;

const noneSmall: SmallPictures = { cameras: [], screens: [] };

/** Places outside of the page: above all windows, and a window of its own. */
type Outside = "floating" | "popped out";

/** Whose pictures are shown somewhere, and which of them in small tiles. */
interface Shown {
  cameras: readonly number[];
  screens: readonly number[];
  small: SmallPictures;
}

/** Cameras of the stage while it is on the screen, and what is shown outside of the page. */
const wanted = { stage: [] as readonly number[], outside: new Map<Outside, Shown>(), small: noneSmall };

function apply(): void {
  const { stage } = wanted;
  const outside = [...wanted.outside.values()];
  const smallPictures = { cameras: smallOf("cameras"), screens: smallOf("screens") };
  const { smallPictures: before } = client.voice.store.getState();
  if (JSON.stringify(smallPictures) !== JSON.stringify(before)) client.voice.showSmall(smallPictures);
  const shown = [...new Set([...outside.flatMap(({ cameras }) => cameras), ...stage])];
  if (shown.join() !== client.voice.store.getState().shownCameras.join()) client.voice.showCameras(shown);
}

/** Who is shown in small tiles, and nowhere outside of the page in a large one. */
function smallOf(kind: "cameras" | "screens"): number[] {
  const outside = [...wanted.outside.values()];
  const large = outside.flatMap((shown) => shown[kind].filter((userId) => !shown.small[kind].includes(userId)));
  const small = new Set([...wanted.small[kind], ...outside.flatMap((shown) => shown.small[kind])]);
  return [...small].filter((userId) => !large.includes(userId));
}

/** These pictures are received also while no stage shows them. */
export function keepReceiving(where: Outside, shown: Shown): void {
  wanted.outside.set(where, shown);
  apply();
}

export const nothingShown: Shown = { cameras: [], screens: [], small: noneSmall };

/** One picture alone, which may be as large as the user likes. */
export function shownOf({ userId, kind }: { userId: number; kind: "screen" | "camera" }): Shown {
  return { ...nothingShown, [`${kind}s` as const]: [userId] };
}

/** Receives the small encoding of pictures that the stage shows in small tiles; of none while something fills the screen. */
export function useSmallPictures({ cameras, screens }: SmallPictures): void {
  const key = JSON.stringify({ cameras, screens });
  useEffect(() => {
    const show = () => {
      wanted.small = document.fullscreenElement ? noneSmall : (JSON.parse(key) as SmallPictures);
      apply();
    };
    show();
    document.addEventListener("fullscreenchange", show);
    return () => document.removeEventListener("fullscreenchange", show);
  }, [key]);
}

/** Cameras of the channel's call that can be received, the most important ones of many. */
export function useChosenCameras(channelId: number, enlarged: number | null): readonly number[] {
  const me = useMe().id;
  const hidden = useVoiceSettings((settings) => settings.hiddenCameras);
  const blocked = useBlocked();
  return useCall(
    useShallow((state: CallState) => {
      const isOn = ({ user_id, is_camera_on }: CallState["participants"][number]) =>
        is_camera_on && user_id !== me && !hidden.includes(user_id) && !blocked.has(user_id);
      const participants = state.channelId === channelId ? Object.values(state.participants) : [];
      return chooseCameras({
        on: participants.flatMap((one) => (isOn(one) ? one.user_id : [])),
        enlarged,
        isSpeaking: (userId) => state.participants[userId]?.is_speaking ?? false,
        before: state.shownCameras,
        most: limits.watchedCameras,
      });
    }),
  );
}

/** Receives the cameras of the channel's call while its stage is mounted and the page is seen. */
export function useShownCameras(channelId: number, enlarged: number | null): void {
  const cameras = useChosenCameras(channelId, enlarged);
  useEffect(() => {
    let timer: ReturnType<typeof setTimeout> | undefined;
    const show = (shown: readonly number[]) => {
      wanted.stage = shown;
      apply();
    };
    const seen = () => {
      clearTimeout(timer);
      if (document.hidden) timer = setTimeout(() => show([]), hiddenMs);
      else show(cameras);
    };
    seen();
    document.addEventListener("visibilitychange", seen);
    return () => {
      clearTimeout(timer);
      document.removeEventListener("visibilitychange", seen);
    };
  }, [cameras]);
  useEffect(
    () => () => {
      wanted.stage = [];
      wanted.small = noneSmall;
      apply();
    },
    [],
  );
}
