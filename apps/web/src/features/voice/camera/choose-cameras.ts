export interface CameraChoice {
  /** Users whose cameras are on and not hidden, in the order of the stage. */
  on: readonly number[];
  /** The user whose camera is enlarged. */
  enlarged: number | null;
  isSpeaking: (userId: number) => boolean;
  /** Those that are received now. */
  before: readonly number[];
  most: number;
}

/**
 * Whose cameras are received when there are more than can be: the enlarged one, and those that are received already. A
 * speaker takes the place of somebody who does not speak.
 */
export function chooseCameras({ on, enlarged, isSpeaking, before, most }: CameraChoice): number[] {
  const known = before.filter((userId) => on.includes(userId));
  const fresh = on.filter((userId) => !known.includes(userId));
  if (on.length <= most) return [...known, ...fresh];
  const rank = (userId: number) => {
    if (userId === enlarged) return 0;
    return isSpeaking(userId) ? 1 : known.includes(userId) ? 2 : 3;
  };
  const chosen = new Set([...known, ...fresh].toSorted((one, other) => rank(one) - rank(other)).slice(0, most));
  return [...known, ...fresh].filter((userId) => chosen.has(userId));
}
