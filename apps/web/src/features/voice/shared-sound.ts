/** Whose sound a browser shares with a picture: of everything, of tabs alone, or none. */
export type SharedSound = "all" | "tabs" | "none";

interface Browser {
  /** As of `getSupportedConstraints`. */
  constraints: object;
  platform: string;
}

/** Only browsers that share sound know how to keep a tab quiet for the user who shares it; on Linux they share that of tabs. */
export function sharedSound({ constraints, platform }: Browser): SharedSound {
  if (!("suppressLocalAudioPlayback" in constraints)) return "none";
  return platform.startsWith("Linux") ? "tabs" : "all";
}

/** Of this browser. */
export function sharedSoundHere(): SharedSound {
  const constraints = navigator.mediaDevices.getSupportedConstraints();
  return sharedSound({ constraints, platform: navigator.platform });
}
