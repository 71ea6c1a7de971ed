import { client } from "../../../core/client.ts";
import { create } from "zustand";
import { keepReceiving, nothingShown, shownOf } from "./shown-cameras.ts";
import { isShown, onPicturesChanged, type Picture } from "./shown-picture.ts";

/** The picture that the browser shows above all windows, which goes on while other pages are open. */
export const useFloating = create<{ picture: Picture | null }>(() => ({ picture: null }));

/** Outside of the page, so that it survives the stage. */
let video: HTMLVideoElement | null = null;

export function canFloat(): boolean {
  return "pictureInPictureEnabled" in document && document.pictureInPictureEnabled;
}

/** To be called in a click handler. Does nothing while the picture has not arrived. */
export async function toggleFloating(picture: Picture): Promise<void> {
  const { picture: present } = useFloating.getState();
  if (present?.userId === picture.userId && present.kind === picture.kind) return document.exitPictureInPicture();
  const track = trackOf(picture);
  if (!track) return;
  video ??= createVideo();
  video.srcObject = new MediaStream([track]);
  await video.play();
  await video.requestPictureInPicture();
  useFloating.setState({ picture });
  keepReceiving("floating", shownOf(picture));
}

function createVideo(): HTMLVideoElement {
  const element = document.createElement("video");
  element.muted = true;
  element.playsInline = true;
  element.addEventListener("leavepictureinpicture", () => {
    element.srcObject = null;
    useFloating.setState({ picture: null });
    keepReceiving("floating", nothingShown);
  });
  onPicturesChanged(() => follow(element));
  return element;
}

/** A connection that is replaced brings another track; a picture that is no longer shown closes its window. */
function follow(element: HTMLVideoElement): void {
  const { picture } = useFloating.getState();
  if (!picture) return;
  if (!isShown(picture)) return void document.exitPictureInPicture().catch(() => {});
  const track = trackOf(picture);
  const [shown] = (element.srcObject as MediaStream | null)?.getTracks() ?? [];
  if (track && track !== shown) element.srcObject = new MediaStream([track]);
}

function trackOf({ userId, kind }: Picture): MediaStreamTrack | null {
  return client.voice.store.getState().participants[userId]?.remote[kind] ?? null;
}
