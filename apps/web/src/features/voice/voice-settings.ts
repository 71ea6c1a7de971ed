import { create } from "zustand";
import { stored } from "../../core/stored.ts";
import type { NoiseSuppression } from "./audio/capture.ts";

/** Stored in this browser, since the devices belong to it. */
export interface VoiceSettings {
  /** Device id; empty for the system's default. */
  microphoneId: string;
  speakerId: string;
  cameraId: string;
  noiseSuppression: NoiseSuppression;
  autoGain: boolean;
  mode: "activity" | "push";
  /** Level in dBFS that counts as speech; null determines it automatically. */
  thresholdDb: number | null;
  /** The `KeyboardEvent.code` of the push-to-talk key. */
  pushKey: string;
  sounds: boolean;
  /** Of the soundboard, in percent. */
  boardVolume: number;
  /** Volumes by user id, where they are not 1. */
  volumes: Readonly<Record<number, number>>;
  mutedUsers: readonly number[];
  /** Users whose cameras are not to be seen here. */
  hiddenCameras: readonly number[];
}

const defaults: VoiceSettings = {
  microphoneId: "",
  speakerId: "",
  cameraId: "",
  noiseSuppression: "browser",
  autoGain: true,
  mode: "activity",
  thresholdDb: null,
  pushKey: "Backquote",
  sounds: true,
  boardVolume: 100,
  volumes: {},
  mutedUsers: [],
  hiddenCameras: [],
};

const storageKey = "voice";

export const useVoiceSettings = create<VoiceSettings>(() => ({ ...defaults, ...readStored() }));

useVoiceSettings.subscribe((settings) => stored.set(storageKey, JSON.stringify(settings)));

export function changeVoiceSettings(change: Partial<VoiceSettings>): void {
  useVoiceSettings.setState(change);
}

/** Sets the volume of a user, from 0 to 2. */
export function setUserVolume(userId: number, volume: number): void {
  useVoiceSettings.setState(({ volumes }) => ({ volumes: { ...volumes, [userId]: volume } }));
}

export function setUserMuted(userId: number, isMuted: boolean): void {
  useVoiceSettings.setState(({ mutedUsers }) => {
    const others = mutedUsers.filter((id) => id !== userId);
    return { mutedUsers: isMuted ? [...others, userId] : others };
  });
}

export function setCameraHidden(userId: number, isHidden: boolean): void {
  useVoiceSettings.setState(({ hiddenCameras }) => {
    const others = hiddenCameras.filter((id) => id !== userId);
    return { hiddenCameras: isHidden ? [...others, userId] : others };
  });
}

export function volumeOf({ volumes, mutedUsers }: VoiceSettings, userId: number): number {
  return mutedUsers.includes(userId) ? 0 : (volumes[userId] ?? 1);
}

/** Settings of an older version may lack fields or hold other values, which are dropped. */
function readStored(): Partial<VoiceSettings> {
  try {
    const value = JSON.parse(stored.get(storageKey) ?? "{}") as Record<string, unknown>;
    const isKnown = ([name, entry]: [string, unknown]) =>
      name in defaults && (name === "thresholdDb" || typeof entry === typeof defaults[name as keyof VoiceSettings]);
    return Object.fromEntries(Object.entries(value).filter(isKnown));
  } catch {
    return {};
  }
}
