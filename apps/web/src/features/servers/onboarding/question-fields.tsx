import type { OnboardingAnswer, OnboardingQuestion } from "@miscord/protocol";
import { useTranslation } from "react-i18next";
import { useShallow } from "zustand/shallow";
import { useClientState } from "../../../core/client.ts";
import { useFormat } from "../../../i18n/format.ts";
import { Button } from "../../../ui/button.tsx";

interface QuestionFieldsProps {
  serverId: number;
  question: OnboardingQuestion;
  /** Ids of the chosen answers of all questions. */
  chosen: ReadonlySet<number>;
  onChange: (chosen: ReadonlySet<number>) => void;
}

/** A question with its answers. */
export function QuestionFields({ serverId, question, chosen, onChange }: QuestionFieldsProps) {
  const { t } = useTranslation("onboarding");
  const { id, text, many, required, answers } = question;
  const own = new Set(answers.map((answer) => answer.id));
  const choose = (answerId: number, isChosen: boolean) => {
    const others = many ? chosen : chosen.difference(own);
    onChange(isChosen ? new Set([...others, answerId]) : new Set([...others].filter((one) => one !== answerId)));
  };
  const isAnswered = !chosen.isDisjointFrom(own);
  return (
    <fieldset className="min-w-0">
      <legend className="font-semibold wrap-break-word">{text}</legend>
      <p className="mb-2.5 text-sm text-faint">
        {t(required ? "required" : "optional")} · {t(many ? "many" : "one")}
      </p>
      <div className="grid gap-2 sm:grid-cols-2">
        {answers.map((answer) => (
          <Answer
            key={answer.id}
            {...{ serverId, answer }}
            name={many ? `answer ${answer.id}` : `question ${id}`}
            type={many ? "checkbox" : "radio"}
            isChosen={chosen.has(answer.id)}
            onChange={(isChosen) => choose(answer.id, isChosen)}
          />
        ))}
      </div>
      {!many && !required && isAnswered && (
        <Button variant="link" size="sm" className="mt-1" onClick={() => onChange(chosen.difference(own))}>
          {t("clear")}
        </Button>
      )}
    </fieldset>
  );
}

interface AnswerProps {
  serverId: number;
  answer: OnboardingAnswer;
  name: string;
  type: "checkbox" | "radio";
  isChosen: boolean;
  onChange: (isChosen: boolean) => void;
}

function Answer({ serverId, answer, name, type, isChosen, onChange }: AnswerProps) {
  const { t } = useTranslation("onboarding");
  const format = useFormat();
  const roles = useClientState(
    useShallow(({ servers }) =>
      (servers[serverId]?.roles ?? []).filter(({ id }) => answer.role_ids.includes(id)).map((role) => role.name),
    ),
  );
  return (
    <label className="flex min-w-0 cursor-pointer items-center gap-3 rounded-md border border-line bg-field px-3 py-2.5 text-sm transition-colors hover:bg-hover has-checked:border-accent has-checked:bg-accent-soft has-focus-visible:outline-2 has-focus-visible:outline-link">
      <input
        type={type}
        name={name}
        checked={isChosen}
        onChange={(event) => onChange(event.target.checked)}
        className="size-4 shrink-0 accent-accent outline-none"
      />
      <span className="min-w-0 wrap-break-word">
        {answer.text}
        {roles.length > 0 && (
          <span className="block text-xs text-muted">
            {t("gives", { roles: format.list(roles), count: roles.length })}
          </span>
        )}
      </span>
    </label>
  );
}
