import type { MediaStatus } from "../../media.ts";
import type { LossReports } from "./loss.ts";

/** Where a voice comes from. */
export interface Speaker {
  readonly userId: number;
  readonly status: MediaStatus;
  /** Another one for each connection. */
  readonly source: number;
  readonly lossReports: LossReports;
}
