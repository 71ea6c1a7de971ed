import { limits } from "@miscord/protocol";
import { Plus, X } from "lucide-react";
import { type FormEvent, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { useClient, useClientState } from "../../core/client.ts";
import { useDescribeError } from "../../core/describe-error.ts";
import { withRoleMarks } from "../../core/role-mentions.ts";
import { slowModeText, useSlowMode } from "../../core/use-slow-mode.ts";
import { Button } from "../../ui/button.tsx";
import { Checkbox } from "../../ui/checkbox.tsx";
import { Dialog } from "../../ui/dialog.tsx";
import { Field } from "../../ui/field.tsx";
import { IconButton } from "../../ui/icon-button.tsx";
import { Input } from "../../ui/input.tsx";
import { Select } from "../../ui/select.tsx";
import { changeDraft, draftOf } from "./drafts.ts";

const hourS = 3_600;
/** Seconds until the end, by the name of the choice. */
const durations = {
  hour: hourS,
  hours8: 8 * hourS,
  day: 24 * hourS,
  days3: 72 * hourS,
  week: 168 * hourS,
  never: null,
};
type Duration = keyof typeof durations;
const questionLength = 300;

/** Asks for a poll and sends it. The question begins as what the composer holds. */
export function PollDialog({ channelId, onClose }: { channelId: number; onClose: () => void }) {
  const { t } = useTranslation(["polls", "common", "moderation"]);
  const client = useClient();
  const describe = useDescribeError();
  const [question, setQuestion] = useState(() => draftOf(channelId).text.slice(0, questionLength));
  const [taken] = useState(question);
  const [answers, setAnswers] = useState<readonly string[]>(["", ""]);
  const [duration, setDuration] = useState<Duration>("day");
  const [multiple, setMultiple] = useState(false);
  const [anonymous, setAnonymous] = useState(false);
  const [error, setError] = useState("");
  const serverId = useClientState((state) => state.channels[channelId]?.server_id ?? null);
  const waitS = useSlowMode(serverId, channelId);
  const texts = answers.map((text) => text.trim()).filter(Boolean);
  const areDifferent = new Set(texts).size === texts.length;
  const isReady = question.trim() !== "" && texts.length >= 2 && areDifferent && waitS === 0;

  function submit(event: FormEvent): void {
    event.preventDefault();
    if (!isReady) return;
    const poll = { answers: texts, multiple, anonymous, duration_s: durations[duration] };
    try {
      client.sendMessage(channelId, { content: withRoleMarks(channelId, question.trim()), poll });
    } catch (cause) {
      return setError(describe(cause));
    }
    if (taken !== "" && draftOf(channelId).text === taken) changeDraft(channelId, { text: "" });
    onClose();
  }

  return (
    <Dialog open onOpenChange={onClose} title={t("create.title")} size="md">
      <form onSubmit={submit} className="flex flex-col gap-4">
        <Field label={t("create.question")} error={error}>
          <Input value={question} maxLength={questionLength} onChange={(event) => setQuestion(event.target.value)} />
        </Field>
        <Answers answers={answers} onChange={setAnswers} hasDoubles={!areDifferent} />
        <Field label={t("create.duration")}>
          <Select
            value={duration}
            onChange={setDuration}
            options={(Object.keys(durations) as Duration[]).map((value) => ({ value, label: t(`durations.${value}`) }))}
          />
        </Field>
        <Checkbox label={t("create.multiple")} checked={multiple} onChange={setMultiple} />
        <Checkbox label={t("create.anonymous")} checked={anonymous} onChange={setAnonymous} />
        <div className="flex flex-wrap items-center justify-end gap-2">
          {waitS > 0 && <p className="text-sm text-muted tabular-nums">{slowModeText(waitS)}</p>}
          <Button variant="ghost" onClick={onClose}>
            {t("common:cancel")}
          </Button>
          <Button variant="primary" type="submit" disabled={!isReady}>
            {t("create.submit")}
          </Button>
        </div>
      </form>
    </Dialog>
  );
}

interface AnswersProps {
  answers: readonly string[];
  hasDoubles: boolean;
  onChange: (answers: readonly string[]) => void;
}

function Answers({ answers, hasDoubles, onChange }: AnswersProps) {
  const { t } = useTranslation("polls");
  const list = useRef<HTMLUListElement>(null);
  function add(): void {
    onChange([...answers, ""]);
    requestAnimationFrame(() => list.current?.querySelector<HTMLInputElement>("li:last-child input")?.focus());
  }
  return (
    <fieldset className="flex flex-col gap-2">
      <legend className="mb-1.5 text-sm font-medium">{t("answers")}</legend>
      <ul ref={list} className="flex flex-col gap-2">
        {answers.map((text, place) => (
          <li key={place}>
            <Field
              label={t("create.answer", { number: place + 1 })}
              hideLabel
              error={hasDoubles && place === answers.length - 1 && t("create.doubles")}
            >
              <Input
                value={text}
                maxLength={limits.pollAnswerLength}
                onChange={(event) => onChange(answers.with(place, event.target.value))}
                trailing={
                  answers.length > 2 && (
                    <IconButton
                      size="sm"
                      label={t("create.remove", { number: place + 1 })}
                      icon={<X size={16} />}
                      onClick={() => onChange(answers.toSpliced(place, 1))}
                    />
                  )
                }
              />
            </Field>
          </li>
        ))}
      </ul>
      {answers.length < limits.pollAnswers && (
        <Button size="sm" variant="ghost" icon={<Plus size={16} />} className="self-start" onClick={add}>
          {t("create.add")}
        </Button>
      )}
    </fieldset>
  );
}
