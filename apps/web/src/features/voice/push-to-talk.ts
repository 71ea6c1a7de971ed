/** Delay after the key is released, so that an early release does not cut the end of a word. */
const releaseMs = 200;

/**
 * Follows one key. A key that writes text is ignored while a text field has the focus. A page that loses the focus
 * receives no keyup, so that counts as a release.
 */
export function followKey(code: string, onChange: (isHeld: boolean) => void): () => void {
  const listening = new AbortController();
  const { signal } = listening;
  let timer: ReturnType<typeof setTimeout> | undefined;
  const release = () => {
    clearTimeout(timer);
    timer = setTimeout(() => onChange(false), releaseMs);
  };
  const isOurs = (event: KeyboardEvent) => event.code === code && !(writesText(event) && isWritten(event.target));
  addEventListener(
    "keydown",
    (event) => {
      if (event.repeat || !isOurs(event)) return;
      clearTimeout(timer);
      onChange(true);
    },
    { signal },
  );
  addEventListener("keyup", (event) => event.code === code && release(), { signal });
  addEventListener("blur", release, { signal });
  return () => {
    listening.abort();
    clearTimeout(timer);
  };
}

function writesText({ key, ctrlKey, metaKey }: KeyboardEvent): boolean {
  return key.length === 1 && !ctrlKey && !metaKey;
}

function isWritten(target: EventTarget | null): boolean {
  return target instanceof HTMLElement && (target.isContentEditable || target.matches("input, textarea, select"));
}
