import { limits, type OnboardingAnswer, type OnboardingQuestion } from "@miscord/protocol";
import { Plus, Trash2, X } from "lucide-react";
import { useTranslation } from "react-i18next";
import { Button } from "../../../ui/button.tsx";
import { Checkbox } from "../../../ui/checkbox.tsx";
import { Field } from "../../../ui/field.tsx";
import { IconButton } from "../../../ui/icon-button.tsx";
import { Input } from "../../../ui/input.tsx";
import { newAnswer } from "./new-parts.ts";
import { ChannelPicks, RolePicks } from "./picks.tsx";

interface QuestionEditorProps {
  serverId: number;
  question: OnboardingQuestion;
  number: number;
  onChange: (question: OnboardingQuestion) => void;
  onRemove: () => void;
}

export function QuestionEditor({ serverId, question, number, onChange, onRemove }: QuestionEditorProps) {
  const { t } = useTranslation("onboarding");
  const { answers } = question;
  const name = t("edit.question", { number });
  return (
    <section className="flex flex-col gap-4 rounded-lg border border-line p-4">
      <div className="flex items-end gap-2">
        <Field label={name} className="min-w-0 flex-1">
          <Input
            required
            autoComplete="off"
            maxLength={limits.onboardingTextLength}
            value={question.text}
            onChange={(event) => onChange({ ...question, text: event.target.value })}
          />
        </Field>
        <IconButton
          label={t("edit.removeQuestion", { number })}
          icon={<Trash2 size={18} />}
          danger
          onClick={onRemove}
        />
      </div>
      <div className="flex flex-wrap gap-x-6 gap-y-2">
        <Checkbox label={t("edit.many")} checked={question.many} onChange={(many) => onChange({ ...question, many })} />
        <Checkbox
          label={t("edit.required")}
          checked={question.required}
          onChange={(required) => onChange({ ...question, required })}
        />
      </div>
      <ul className="flex flex-col gap-4">
        {answers.map((answer, index) => (
          <AnswerEditor
            key={answer.id}
            {...{ serverId, answer }}
            number={index + 1}
            onChange={(next) => onChange({ ...question, answers: answers.with(index, next) })}
            onRemove={
              answers.length > 1 ? () => onChange({ ...question, answers: answers.toSpliced(index, 1) }) : undefined
            }
          />
        ))}
      </ul>
      {answers.length < limits.onboardingAnswers && (
        <Button
          size="sm"
          className="self-start"
          icon={<Plus size={14} aria-hidden />}
          onClick={() => onChange({ ...question, answers: [...answers, newAnswer()] })}
        >
          {t("edit.addAnswer")}
        </Button>
      )}
    </section>
  );
}

interface AnswerEditorProps {
  serverId: number;
  answer: OnboardingAnswer;
  number: number;
  onChange: (answer: OnboardingAnswer) => void;
  /** Absent for the only answer. */
  onRemove: (() => void) | undefined;
}

function AnswerEditor({ serverId, answer, number, onChange, onRemove }: AnswerEditorProps) {
  const { t } = useTranslation("onboarding");
  return (
    <li className="flex flex-col gap-2.5 border-l-2 border-line pl-3.5">
      <div className="flex items-end gap-2">
        <Field label={t("edit.answer", { number })} className="min-w-0 flex-1">
          <Input
            required
            autoComplete="off"
            maxLength={limits.onboardingTextLength}
            value={answer.text}
            onChange={(event) => onChange({ ...answer, text: event.target.value })}
          />
        </Field>
        {onRemove && (
          <IconButton label={t("edit.removeAnswer", { number })} icon={<X size={18} />} onClick={onRemove} />
        )}
      </div>
      <RolePicks
        serverId={serverId}
        label={t("edit.roles")}
        ids={answer.role_ids}
        onChange={(role_ids) => onChange({ ...answer, role_ids })}
      />
      <ChannelPicks
        serverId={serverId}
        label={t("edit.answerChannels")}
        ids={answer.channel_ids}
        onChange={(channel_ids) => onChange({ ...answer, channel_ids })}
      />
    </li>
  );
}
