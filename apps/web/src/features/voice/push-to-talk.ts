import { codeOf, talkKeyOf, type TalkKey } from "./talk-key.ts";

/** Delay after the key is released, so that an early release does not cut the end of a word. */
const releaseMs = 200;

let isPaused = false;

/** While the user chooses another key, keys do not talk. */
export function pausePushToTalk(paused: boolean): void {
  isPaused = paused;
}

/**
 * Follows one key or mouse button, wherever in the page the focus is. The page gets none of its events, so it writes
 * nothing. A page that loses the focus receives no keyup, so that counts as a release.
 */
export function followKey(
  talkKey: TalkKey,
  onChange: (isHeld: boolean) => void,
  target: EventTarget = globalThis,
): () => void {
  const listening = new AbortController();
  const options = { signal: listening.signal, capture: true };
  let timer: ReturnType<typeof setTimeout> | undefined;
  let isDown = false;
  const release = () => {
    isDown = false;
    clearTimeout(timer);
    timer = setTimeout(() => onChange(false), releaseMs);
  };
  const press = (event: Event) => {
    const input = event as KeyboardEvent | MouseEvent;
    if (isPaused || codeOf(input) !== talkKey.code) return;
    if (!isDown && !isSame(talkKeyOf(input), talkKey)) return;
    swallow(event);
    if (isDown) return;
    isDown = true;
    clearTimeout(timer);
    onChange(true);
  };
  const lift = (event: Event) => {
    const input = event as KeyboardEvent | MouseEvent;
    const isKey = codeOf(input) === talkKey.code;
    if (!isDown) return;
    if (isKey) swallow(event);
    // Letting go of a modifier ends a combination, too.
    if (isKey || !talkKey.modifiers.every((one) => talkKeyOf(input)?.modifiers.includes(one) ?? true)) release();
  };
  for (const type of ["keydown", "mousedown"]) target.addEventListener(type, press, options);
  for (const type of ["keyup", "mouseup"]) target.addEventListener(type, lift, options);
  // The middle button opens links and pastes with this event.
  target.addEventListener(
    "auxclick",
    (event) => codeOf(event as MouseEvent) === talkKey.code && swallow(event),
    options,
  );
  target.addEventListener("blur", (event) => isDown && event.target === target && release(), options);
  return () => {
    listening.abort();
    clearTimeout(timer);
  };
}

function swallow(event: Event): void {
  event.preventDefault();
  event.stopImmediatePropagation();
}

function isSame(one: TalkKey | null, other: TalkKey): boolean {
  return one?.code === other.code && one.modifiers.join() === other.modifiers.join();
}
