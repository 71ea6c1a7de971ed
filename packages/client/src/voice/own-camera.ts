import type { VoiceMedia } from "@miscord/protocol";
import type { StoreApi } from "zustand/vanilla";
import { forwardedCameraLimits, meshCameraLimits } from "./camera-limits.ts";
import type { CameraTrack } from "./peer-media.ts";
import type { CallState } from "./types.ts";

type Send = (cameras: Record<VoiceMedia, CameraTrack | null>) => Promise<unknown>;

/** The user's camera in a call, sent as the number of participants and cameras allows. */
export class OwnCamera {
  readonly #store: StoreApi<CallState>;
  readonly #send: Send;
  #sent = "";

  constructor(store: StoreApi<CallState>, send: Send) {
    this.#store = store;
    this.#send = send;
  }

  /** How it is sent this way at present; null while it is off. */
  for(way: VoiceMedia): CameraTrack | null {
    const { camera: video, participants } = this.#store.getState();
    if (!video) return null;
    const others = Object.values(participants);
    const cameras = 1 + others.filter(({ is_camera_on }) => is_camera_on).length;
    return { video, ...(way === "mesh" ? meshCameraLimits(others.length) : forwardedCameraLimits(cameras)) };
  }

  /** To be called when the camera, the participants or their cameras have changed. */
  async apply(): Promise<void> {
    const cameras = { mesh: this.for("mesh"), forwarded: this.for("forwarded") };
    const text = JSON.stringify([cameras, cameras.mesh?.video.id]);
    if (text === this.#sent) return;
    this.#sent = text;
    await this.#send(cameras);
  }
}
