import type { MediaStatus } from "../../media.ts";
import type { Allowance } from "./allowance.ts";
import type { Outlet } from "./outlet.ts";
import type { PictureKind } from "./picture-kinds.ts";
import type { Pictures } from "./pictures.ts";
import type { SenderLimit } from "./sender-limit.ts";

/** A participant who shows pictures and sees those of others, over whichever connections. */
export interface PicturePeer {
  readonly userId: number;
  /** Another one for each connection. */
  readonly source: number;
  readonly status: MediaStatus;
  readonly pictures: Readonly<Record<PictureKind, Pictures>>;
  /** The sound of the screens that are watched, by place; none where it comes otherwise. */
  readonly screenSounds: readonly Outlet[];
  readonly allowance: Allowance;
  readonly limit: SenderLimit;
  readonly isConnected: boolean;
  /** Whether the participant shows pictures of this kind, as far as the server allows it. */
  shows(kind: PictureKind): boolean;
}
