import { onboardingCalls } from "@miscord/client";
import { limits, type Onboarding, type OnboardingQuestion } from "@miscord/protocol";
import { Plus } from "lucide-react";
import { useCallback, useState } from "react";
import { useTranslation } from "react-i18next";
import { useClient } from "../../../core/client.ts";
import { FailedPart } from "../../../core/failed-part.tsx";
import { useLoaded } from "../../../core/use-loaded.ts";
import { PanelSection } from "../../../layout/panel-section.tsx";
import { SaveForm } from "../../../layout/save-form.tsx";
import { Button } from "../../../ui/button.tsx";
import { Field } from "../../../ui/field.tsx";
import { Skeleton } from "../../../ui/skeleton.tsx";
import { Switch } from "../../../ui/switch.tsx";
import { TextArea } from "../../../ui/text-area.tsx";
import { ChannelPicks } from "./picks.tsx";
import { newAnswer, newId } from "./new-parts.ts";
import { QuestionEditor } from "./question-editor.tsx";

/** What newcomers of the server meet, for those who manage it. */
export function OnboardingPanel({ serverId }: { serverId: number }) {
  const { t } = useTranslation("onboarding");
  const { rest } = useClient();
  const { loaded } = useLoaded(useCallback(() => onboardingCalls(rest).onboarding(serverId), [rest, serverId]));
  return (
    <PanelSection title={t("tab")} hint={t("edit.hint")}>
      {loaded.status === "loading" && <Skeleton className="h-60 rounded-md" />}
      {loaded.status === "failed" && <FailedPart />}
      {loaded.status === "ready" && <Form serverId={serverId} stored={loaded.value.onboarding} />}
    </PanelSection>
  );
}

function Form({ serverId, stored }: { serverId: number; stored: Onboarding }) {
  const { t } = useTranslation("onboarding");
  const { rest } = useClient();
  const [saved, setSaved] = useState(stored);
  const [wanted, setWanted] = useState(stored);
  const change = (fields: Partial<Onboarding>) => setWanted({ ...wanted, ...fields });
  const isChanged = JSON.stringify(wanted) !== JSON.stringify(saved);
  return (
    <SaveForm
      canSave={isChanged && isComplete(wanted)}
      onSave={async () => {
        const { onboarding } = await onboardingCalls(rest).setOnboarding(serverId, wanted);
        setSaved(onboarding);
        setWanted(onboarding);
      }}
    >
      <div className="mb-5 flex flex-col gap-5">
        <Switch
          label={t("edit.enabled")}
          hint={t("edit.enabledHint")}
          checked={wanted.enabled}
          onChange={(enabled) => change({ enabled })}
        />
        <Field label={t("edit.welcome")} hint={t("edit.welcomeHint")}>
          <TextArea
            rows={4}
            value={wanted.welcome}
            maxLength={limits.welcomeLength}
            onChange={(event) => change({ welcome: event.target.value })}
          />
        </Field>
        <ChannelPicks
          serverId={serverId}
          label={t("edit.channels")}
          ids={wanted.channel_ids}
          onChange={(channel_ids) => change({ channel_ids })}
        />
        <Questions serverId={serverId} questions={wanted.questions} onChange={(questions) => change({ questions })} />
      </div>
    </SaveForm>
  );
}

interface QuestionsProps {
  serverId: number;
  questions: readonly OnboardingQuestion[];
  onChange: (questions: OnboardingQuestion[]) => void;
}

function Questions({ serverId, questions, onChange }: QuestionsProps) {
  const { t } = useTranslation("onboarding");
  return (
    <>
      {questions.map((question, index) => (
        <QuestionEditor
          key={question.id}
          {...{ serverId, question }}
          number={index + 1}
          onChange={(next) => onChange(questions.with(index, next))}
          onRemove={() => onChange(questions.toSpliced(index, 1))}
        />
      ))}
      {questions.length < limits.onboardingQuestions && (
        <Button
          className="self-start"
          icon={<Plus size={16} aria-hidden />}
          onClick={() => {
            const question = { id: newId(), text: "", many: true, required: false, answers: [newAnswer()] };
            onChange([...questions, question]);
          }}
        >
          {t("edit.addQuestion")}
        </Button>
      )}
    </>
  );
}

function isComplete({ questions }: Onboarding): boolean {
  const isFilled = ({ text }: { text: string }) => text.trim() !== "";
  return questions.every((question) => isFilled(question) && question.answers.every(isFilled));
}
