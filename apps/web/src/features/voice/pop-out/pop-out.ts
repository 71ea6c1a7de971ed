import { createElement } from "react";
import { createRoot } from "react-dom/client";
import { client } from "../../../core/client.ts";
import { desktopShell } from "../../../core/desktop-shell.ts";
import { keepReceiving, nothingShown } from "../camera/shown-cameras.ts";
import { isShown, onPicturesChanged } from "../camera/shown-picture.ts";
import { dressWindow } from "./dress-window.ts";
import { usePoppedOut, type Popped } from "./popped.ts";
import { PoppedOut } from "./popped-out.tsx";

/** Chromium's windows that stay above all others (Document Picture-in-Picture). */
interface PictureWindows {
  requestWindow(size: { width: number; height: number }): Promise<Window>;
}

const sizes = { picture: { width: 640, height: 400 }, stage: { width: 720, height: 480 } };

let present: { window: Window; end: () => void } | null = null;

function pictureWindows(): PictureWindows | undefined {
  return (globalThis as { documentPictureInPicture?: PictureWindows }).documentPictureInPicture;
}

/** Whether windows stay above all others, so that a picture needs no other way to do so. */
export function staysAbove(): boolean {
  return canPopOut() && pictureWindows() !== undefined;
}

/** Phones have no windows, and a desktop shell opens none for a page. */
export function canPopOut(): boolean {
  return desktopShell() === undefined && matchMedia("(hover: hover) and (pointer: fine)").matches;
}

/**
 * Shows it in a window of its own, in place of what is there, until that is closed or the call ends. To be called in a click handler.
 * @throws Error when the browser opens no window
 */
export async function popOut(popped: Popped): Promise<void> {
  closePopOut();
  const size = popped === "stage" ? sizes.stage : sizes.picture;
  const opened =
    (await pictureWindows()
      ?.requestWindow(size)
      .catch(() => null)) ?? openWindow(size);
  if (!opened) throw new Error("The browser opened no window.");
  // Its call, or the picture, may be over by now.
  if (isOver(popped)) return opened.close();
  show(opened, popped);
}

export function closePopOut(): void {
  present?.window.close();
  present?.end();
}

function openWindow({ width, height }: { width: number; height: number }): Window | null {
  return window.open("", "", `popup,width=${width},height=${height}`);
}

function isOver(popped: Popped): boolean {
  return client.voice.store.getState().channelId === null || (popped !== "stage" && !isShown(popped));
}

function show(opened: Window, popped: Popped): void {
  const undress = dressWindow(opened);
  const root = createRoot(opened.document.body.appendChild(opened.document.createElement("div")));
  const { channelId } = client.voice.store.getState();
  const stop = onPicturesChanged(() => {
    if (isOver(popped) || client.voice.store.getState().channelId !== channelId) closePopOut();
  });
  const end = () => {
    if (present?.window !== opened) return;
    present = null;
    stop();
    undress();
    removeEventListener("pagehide", closePopOut);
    root.unmount();
    keepReceiving("popped out", nothingShown);
    usePoppedOut.setState({ popped: null });
  };
  present = { window: opened, end };
  opened.addEventListener("pagehide", end);
  addEventListener("pagehide", closePopOut);
  usePoppedOut.setState({ popped });
  root.render(createElement(PoppedOut, { popped, onClose: closePopOut }));
}
