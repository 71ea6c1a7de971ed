import { type RefObject, useLayoutEffect, useState } from "react";
import { EndHold } from "./end-hold.ts";

/** A scroll event within this time after a wheel or touch event is the reader's. Momentum sends no other events. */
const gestureMs = 250;

/** The reader's hold on the newest message. `isPresent`: the end of the loaded messages is the newest message. */
export function useEndHold(isPresent: boolean): { hold: EndHold; isAtPresent: boolean } {
  const [isAtPresent, setAtPresent] = useState(isPresent);
  const [hold] = useState(() => new EndHold(isPresent, setAtPresent));
  return { hold, isAtPresent };
}

interface Options {
  hold: EndHold;
  scroller: RefObject<HTMLElement | null>;
  isPresent: boolean;
}

/**
 * Connects the hold to the list's element, its content and the reader's gestures. To be called after the virtualizer's
 * hook, whose effects lay the rows out.
 */
export function useHeldLayout({ hold, scroller, isPresent }: Options): void {
  useLayoutEffect(() => {
    const box = scroller.current;
    hold.attach(box);
    if (!box) return undefined;
    const isByHand = followGestures(box);
    const observer = new ResizeObserver(() => hold.resized());
    for (const element of [box, ...box.children]) observer.observe(element);
    const stop = new AbortController();
    box.addEventListener("scroll", () => hold.scrolled(isByHand()), { signal: stop.signal, passive: true });
    return () => {
      stop.abort();
      observer.disconnect();
      isByHand.stop();
      hold.attach(null);
    };
  }, [hold, scroller]);
  // After each render, since it may have added or removed rows.
  useLayoutEffect(() => {
    hold.setPresent(isPresent);
    hold.resized();
  });
}

interface Gestures {
  /** Whether the reader is scrolling by hand at this moment. */
  (): boolean;
  stop: () => void;
}

function followGestures(box: HTMLElement): Gestures {
  let lastAt = Number.NEGATIVE_INFINITY;
  let isPressed = false;
  const stop = new AbortController();
  const options = { signal: stop.signal, passive: true } as const;
  const moved = () => (lastAt = performance.now());
  for (const type of ["wheel", "touchmove", "keydown"]) box.addEventListener(type, moved, options);
  box.addEventListener("pointerdown", () => (isPressed = true), options);
  // Releasing the scrollbar fires no `pointerup` in some browsers; the next move without a button ends the drag too.
  addEventListener("pointerup", () => (isPressed = false), options);
  // A finger that begins to scroll; from then on there are touch events only.
  addEventListener("pointercancel", () => (isPressed = false), options);
  addEventListener("pointermove", ({ buttons }) => (isPressed &&= buttons !== 0), options);
  const isByHand = () => isPressed || performance.now() - lastAt < gestureMs;
  return Object.assign(isByHand, { stop: () => stop.abort() });
}
