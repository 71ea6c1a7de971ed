import { bareLog } from "./bare-log/contestant.ts";
import type { Contestant } from "./contestant.ts";
import { layoutContestants, miscordContestants } from "./miscord.ts";
import { peers } from "./peers/peer.ts";

/** All contestants, in the order of the tables. */
export const contestants: readonly Contestant[] = [...miscordContestants, ...layoutContestants, ...peers, bareLog];
