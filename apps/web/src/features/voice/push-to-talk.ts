/** So that the end of a word is not cut by an early finger. */
const releaseMs = 200;

/**
 * Follows one key. Keys that write text do not count while something is being written, and a page that loses the focus
 * never hears the key come up, so that counts as its release.
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
