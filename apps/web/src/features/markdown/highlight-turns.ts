/** The expressions of some grammars take time with the square or the cube of what they read: what follows stays plain. */
const longest = 1_500;

/** The part of a code that is highlighted: whole lines, where it has any. */
export function highlightedPart(code: string): string {
  if (code.length <= longest) return code;
  return code.slice(0, code.lastIndexOf("\n", longest) + 1 || longest);
}

const waiting = new Set<() => void>();
let timer: ReturnType<typeof setTimeout> | null = null;

/**
 * Calls one after the other, each in a task of its own, so that a channel full of code does not stop the page. Returns a function
 * that takes the call back.
 */
export function inTurn(act: () => void): () => void {
  waiting.add(act);
  timer ??= setTimeout(next);
  return () => void waiting.delete(act);
}

function next(): void {
  const [act] = waiting;
  timer = waiting.size > 1 ? setTimeout(next) : null;
  if (!act) return;
  waiting.delete(act);
  act();
}
