import { z } from "zod";
import { limits } from "./limits.ts";
import { id, title } from "./model.ts";

/** Chosen by whoever writes the onboarding; the same for as long as the question or answer means the same. */
const ownId = z.number().int().positive().max(2_147_483_647);
const text = title(limits.onboardingTextLength);

export const onboardingAnswer = z.object({
  id: ownId,
  text,
  /** Given to whoever chooses the answer. */
  role_ids: z.array(id).max(limits.onboardingRoles),
  /** Shown to whoever chooses the answer, as far as they see them. */
  channel_ids: z.array(id).max(limits.onboardingChannels),
});

export const onboardingQuestion = z.object({
  id: ownId,
  text,
  /** Several answers may be chosen. */
  many: z.boolean(),
  /** One has to be chosen. */
  required: z.boolean(),
  answers: z.array(onboardingAnswer).min(1).max(limits.onboardingAnswers),
});

/** What a new member of a server meets. The rules to accept are those of its verification. */
export const onboarding = z
  .object({
    enabled: z.boolean(),
    /** Empty: none. */
    welcome: z
      .string()
      .trim()
      .max(limits.welcomeLength)
      .regex(/^[^\p{Cs}\0]*$/u, "must not hold control characters"),
    /** Channels to begin with. */
    channel_ids: z.array(id).max(limits.onboardingChannels),
    questions: z.array(onboardingQuestion).max(limits.onboardingQuestions),
  })
  .refine(({ questions }) => {
    const ids = questions.flatMap((question) => [question.id, ...question.answers.map((answer) => answer.id)]);
    return new Set(ids).size === ids.length;
  }, "must not hold an id twice");

/** `answer_ids`: what the caller has chosen. */
export const onboardingState = z.object({ onboarding, answer_ids: z.array(ownId) });
/** All answers that the member chooses; empty: none, which skips the questions. */
export const onboardingAnswersBody = z.object({
  answer_ids: z.array(ownId).max(limits.onboardingQuestions * limits.onboardingAnswers),
});

export type OnboardingAnswer = z.infer<typeof onboardingAnswer>;
export type OnboardingQuestion = z.infer<typeof onboardingQuestion>;
export type Onboarding = z.infer<typeof onboarding>;
export type OnboardingState = z.infer<typeof onboardingState>;
