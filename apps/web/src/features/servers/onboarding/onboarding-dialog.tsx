import { onboardingCalls } from "@miscord/client";
import type { Onboarding, OnboardingState } from "@miscord/protocol";
import { useCallback, useState } from "react";
import { useTranslation } from "react-i18next";
import { useClient, useClientState } from "../../../core/client.ts";
import { FailedPart } from "../../../core/failed-part.tsx";
import { useAction } from "../../../core/use-action.ts";
import { useLoaded } from "../../../core/use-loaded.ts";
import { Button } from "../../../ui/button.tsx";
import { Dialog } from "../../../ui/dialog.tsx";
import { Skeleton } from "../../../ui/skeleton.tsx";
import { Places } from "./places.tsx";
import { QuestionFields } from "./question-fields.tsx";
import { RulesToAccept } from "./rules-to-accept.tsx";

interface OnboardingDialogProps {
  serverId: number;
  onClose: () => void;
}

/** What a newcomer meets: a welcome, rules, questions, and channels to begin with. Later: the answers, to change them. */
export function OnboardingDialog({ serverId, onClose }: OnboardingDialogProps) {
  const { t } = useTranslation("onboarding");
  const { rest } = useClient();
  const name = useClientState((state) => state.servers[serverId]?.name ?? "");
  const [isFirst] = useFirstTime(serverId);
  const { loaded } = useLoaded(useCallback(() => onboardingCalls(rest).onboarding(serverId), [rest, serverId]));
  const title = isFirst ? t("welcome", { server: name }) : t("answers", { server: name });
  if (loaded.status === "ready") {
    return <Loaded {...{ serverId, onClose, title, isFirst }} state={loaded.value} />;
  }
  return (
    <Dialog open size="md" onOpenChange={onClose} title={title}>
      {loaded.status === "loading" ? <Skeleton className="h-60 rounded-md" /> : <FailedPart />}
    </Dialog>
  );
}

/** As it was when the dialog was opened. */
function useFirstTime(serverId: number) {
  const isFirst = useClientState((state) => state.servers[serverId]?.onboarded === false);
  return useState(isFirst);
}

interface LoadedProps extends OnboardingDialogProps {
  title: string;
  isFirst: boolean;
  state: OnboardingState;
}

function Loaded({ serverId, onClose, title, isFirst, state }: LoadedProps) {
  const { t } = useTranslation(["onboarding", "common"]);
  const client = useClient();
  const calls = onboardingCalls(client.rest);
  const { busy, run } = useAction();
  const { onboarding } = state;
  const [chosen, setChosen] = useState<ReadonlySet<number>>(() => new Set(known(onboarding, state.answer_ids)));
  const [isAccepted, setAccepted] = useState(false);
  const [saved, setSaved] = useState<OnboardingState | null>(null);
  const isComplete = onboarding.questions.every(
    ({ required, answers }) => !required || answers.some(({ id }) => chosen.has(id)),
  );
  const canSkip = onboarding.questions.every(({ required }) => !required);
  /** Closing a first onboarding is an answer too, where none is required: it does not come again. */
  const leave = () => {
    if (isFirst && !saved && canSkip) void run(() => calls.answer(serverId, []));
    onClose();
  };
  const save = () =>
    run(async () => {
      if (isAccepted) await client.acceptRules(serverId);
      await calls.answer(serverId, [...chosen]);
      // Read again: a role may show channels that were hidden before.
      const next = await calls.onboarding(serverId);
      if (channelsOf(next).length === 0) onClose();
      else setSaved(next);
    });
  if (saved) {
    return (
      <Dialog open size="md" onOpenChange={onClose} title={t("places.title")} description={t("places.description")}>
        <Places serverId={serverId} channelIds={channelsOf(saved)} onClose={onClose} />
      </Dialog>
    );
  }
  return (
    <Dialog
      open
      size="md"
      onOpenChange={leave}
      title={title}
      footer={
        <>
          <Button variant="ghost" onClick={leave}>
            {isFirst ? t(canSkip ? "skip" : "later") : t("common:cancel")}
          </Button>
          <Button variant="primary" busy={busy} disabled={!isComplete} onClick={() => void save()}>
            {isFirst ? t("done") : t("common:save")}
          </Button>
        </>
      }
    >
      <Parts {...{ serverId, onboarding, isFirst, chosen, isAccepted }} onChoose={setChosen} onAccept={setAccepted} />
    </Dialog>
  );
}

interface PartsProps {
  serverId: number;
  onboarding: Onboarding;
  isFirst: boolean;
  chosen: ReadonlySet<number>;
  isAccepted: boolean;
  onChoose: (chosen: ReadonlySet<number>) => void;
  onAccept: (isAccepted: boolean) => void;
}

function Parts({ serverId, onboarding, isFirst, chosen, isAccepted, onChoose, onAccept }: PartsProps) {
  const { t } = useTranslation("onboarding");
  return (
    <div className="flex flex-col gap-6">
      {onboarding.welcome !== "" && (
        <p dir="auto" className="wrap-break-word whitespace-pre-line">
          {onboarding.welcome}
        </p>
      )}
      <RulesToAccept serverId={serverId} isAccepted={isAccepted} onChange={onAccept} />
      {onboarding.questions.map((question) => (
        <QuestionFields key={question.id} {...{ serverId, question, chosen }} onChange={onChoose} />
      ))}
      {!isFirst && onboarding.questions.length === 0 && <p className="text-sm text-muted">{t("noQuestions")}</p>}
    </div>
  );
}

/** Answers that are offered no longer are none. */
function known({ questions }: Onboarding, answerIds: readonly number[]): number[] {
  const offered = new Set(questions.flatMap(({ answers }) => answers.map(({ id }) => id)));
  return answerIds.filter((id) => offered.has(id));
}

/** Those to begin with, and those of the chosen answers. */
function channelsOf({ onboarding, answer_ids }: OnboardingState): number[] {
  const answers = onboarding.questions.flatMap((question) => question.answers);
  const ofAnswers = answers.filter(({ id }) => answer_ids.includes(id)).flatMap(({ channel_ids }) => channel_ids);
  return [...new Set([...onboarding.channel_ids, ...ofAnswers])];
}
