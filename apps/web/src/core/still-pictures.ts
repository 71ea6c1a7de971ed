import { useEffect, useSyncExternalStore } from "react";
import { create } from "zustand";
import { stored } from "./stored.ts";

const key = "pictures";

/** Whether pictures move: as the operating system asks, or never by themselves. */
export type PictureMotion = "system" | "still";

export const usePictureMotion = create<{ motion: PictureMotion }>(() => ({
  motion: stored.get(key) === "still" ? "still" : "system",
}));

export function choosePictureMotion(motion: PictureMotion): void {
  stored.set(key, motion);
  usePictureMotion.setState({ motion });
}

const reduced = "(prefers-reduced-motion: reduce)";

/** Keeps pictures still while the system or the user wants them so; each moves while it is pointed at or has the focus. */
export function useStillPictures(): void {
  const isChosen = usePictureMotion(({ motion }) => motion === "still");
  const isAsked = useSyncExternalStore(
    (onChange) => {
      const list = matchMedia(reduced);
      list.addEventListener("change", onChange);
      return () => list.removeEventListener("change", onChange);
    },
    () => matchMedia(reduced).matches,
  );
  const isStill = isChosen || isAsked;
  useEffect(() => (isStill ? holdPicturesStill() : undefined), [isStill]);
}

/**
 * Faces, banners, pictures of servers, emoji and stickers; of others, which say so by `data-still`, those that move. With the query
 * the server sends the first frame.
 */
const address = /^\/api\/(?:pictures|emojis|stickers)\/[\w-]+$/;
const still = "?still";
/** What is pointed at or focused as one. */
const scope = 'img, button, a, [role="gridcell"], [role="option"], [role="menuitem"]';

/**
 * In one place for all pictures, whatever shows them, so that none is forgotten and nobody else loads any of this. Returns a
 * function that lets them move again.
 */
function holdPicturesStill(): () => void {
  let pointed: Element | null = null;
  let focused: Element | null = null;
  const listening = new AbortController();
  const { signal } = listening;

  const settle = (picture: HTMLImageElement) => {
    const src = picture.getAttribute("src") ?? "";
    const moves = pointed?.contains(picture) || focused?.contains(picture);
    if (moves && src.endsWith(still)) picture.src = src.slice(0, -still.length);
    const canBeStill = address.test(src) || (picture.dataset["still"] !== undefined && !src.includes("?"));
    if (!moves && canBeStill) picture.src = src + still;
  };
  const settleIn = (place: Node | null) => {
    if (place instanceof HTMLImageElement) settle(place);
    else if (place instanceof Element) place.querySelectorAll("img").forEach(settle);
  };
  const point = (next: Element | null) => {
    const former = pointed;
    if (next === former) return;
    pointed = next;
    settleIn(former);
    settleIn(next);
  };
  const focus = (next: Element | null) => {
    const former = focused;
    focused = next;
    settleIn(former);
    settleIn(next);
  };
  const scopeOf = ({ target }: Event) => (target instanceof Element ? target.closest(scope) : null);
  const root = document.documentElement;
  root.addEventListener("pointerover", (event) => point(scopeOf(event)), { signal });
  root.addEventListener("pointerleave", () => point(null), { signal });
  // A whole dialog may have the focus, too.
  document.addEventListener("focusin", (event) => focus(scopeOf(event) === event.target ? scopeOf(event) : null), {
    signal,
  });
  document.addEventListener("focusout", () => focus(null), { signal });

  const observer = new MutationObserver((records) => {
    for (const { type, target, addedNodes } of records) {
      if (type === "attributes") settleIn(target);
      else addedNodes.forEach(settleIn);
    }
  });
  observer.observe(root, { subtree: true, childList: true, attributes: true, attributeFilter: ["src"] });
  settleIn(root);
  return () => {
    listening.abort();
    observer.disconnect();
    pointed = root;
    settleIn(root);
  };
}
