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

/** Cameras of the stage while it is on the screen, and the one that floats above other windows. */
const wanted = { stage: [] as readonly number[], floating: null as number | null, small: noneSmall };

function apply(): void {
  const { stage, floating, small } = wanted;
  // A picture above all windows may be as large as the user likes.
  const smallPictures = { ...small, cameras: small.cameras.filter((userId) => userId !== floating) };
  const { smallPictures: before } = client.voice.store.getState();
  if (JSON.stringify(smallPictures) !== JSON.stringify(before)) client.voice.showSmall(smallPictures);
  const shown = floating === null ? stage : [floating, ...stage.filter((userId) => userId !== floating)];
  if (shown.join() !== client.voice.store.getState().shownCameras.join()) client.voice.showCameras(shown);
}

/** The camera of this user is received also while no stage shows it. */
export function keepReceiving(userId: number | null): void {
  wanted.floating = userId;
  apply();
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

/** Receives the cameras of the channel's call while its stage is mounted and the page is seen. */
export function useShownCameras(channelId: number, enlarged: number | null): void {
  const me = useMe().id;
  const hidden = useVoiceSettings((settings) => settings.hiddenCameras);
  const blocked = useBlocked();
  const cameras = useCall(
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
