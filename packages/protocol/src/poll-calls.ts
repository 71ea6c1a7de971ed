import { z } from "zod";
import { limits } from "./limits.ts";
import * as model from "./model.ts";

/** Places of answers, each once. */
export const chosenAnswers = z
  .array(
    z
      .number()
      .int()
      .min(0)
      .max(limits.pollAnswers - 1),
  )
  .max(limits.pollAnswers)
  .refine((places) => new Set(places).size === places.length, "must differ");

export const voteBody = z.object({ answers: chosenAnswers });
/** The caller's choice in a poll, as of the message's position `seq`; 0 for who has never voted. */
export const ownVote = z.object({ answers: z.array(z.number().int()), seq: model.seq });
export const votersQuery = z.object({
  answer: z.coerce
    .number()
    .int()
    .min(0)
    .max(limits.pollAnswers - 1),
  /** Id of the last voter of the page before. */
  after: z.coerce.number().pipe(model.id).optional(),
});
/** Those who chose the answer, by their ids. */
export const voters = z.object({ users: z.array(model.user), has_more: z.boolean() });

export type OwnVote = z.infer<typeof ownVote>;
export type Voters = z.infer<typeof voters>;
