import { limits, type ChannelPatch } from "@miscord/protocol";
import { type ReactNode, useState } from "react";
import { useTranslation } from "react-i18next";
import { useClientState } from "../../core/client.ts";
import { Field } from "../../ui/field.tsx";
import { Input } from "../../ui/input.tsx";
import { Select } from "../../ui/select.tsx";

/** Waits that are offered, in seconds. */
const waits = [0, 5, 10, 30, 60, 300, 900, 3_600, 21_600];

/** The fields for topic and slow mode of a text channel or a forum, and what was changed in them: others may change the rest. */
export function useChannelSettings(channelId: number): {
  settings: Pick<ChannelPatch, "topic" | "slow_mode_s">;
  fields: ReactNode;
} {
  const { t } = useTranslation(["moderation", "forums"]);
  const channel = useClientState((state) => state.channels[channelId]);
  const [initial] = useState({ topic: channel?.topic ?? "", slow_mode_s: channel?.slow_mode_s ?? 0 });
  const isForum = channel?.type === "forum";
  const [topic, setTopic] = useState(initial.topic);
  const [slowModeS, setSlowModeS] = useState(initial.slow_mode_s);
  // Another client may have set one that is not offered here.
  const offered = waits.includes(slowModeS) ? waits : [...waits, slowModeS].toSorted((a, b) => a - b);
  const label = (seconds: number) => {
    if (seconds === 0) return t("slowMode.off");
    if (seconds % 3_600 === 0) return t("slowMode.hours", { count: seconds / 3_600 });
    return seconds % 60 === 0
      ? t("slowMode.minutes", { count: seconds / 60 })
      : t("slowMode.seconds", { count: seconds });
  };
  const fields = (
    <>
      <Field label={isForum ? t("forums:guidelines") : t("topic.label")} className="mt-4">
        <Input maxLength={limits.topicLength} value={topic} onChange={(event) => setTopic(event.target.value)} />
      </Field>
      <Field
        label={t("slowMode.label")}
        hint={isForum ? t("forums:slowModeHint") : t("slowMode.hint")}
        className="mt-4"
      >
        <Select
          value={String(slowModeS)}
          onChange={(value) => setSlowModeS(Number(value))}
          options={offered.map((seconds) => ({ value: String(seconds), label: label(seconds) }))}
        />
      </Field>
    </>
  );
  const settings = {
    ...(topic.trim() !== initial.topic && { topic: topic.trim() }),
    ...(slowModeS !== initial.slow_mode_s && { slow_mode_s: slowModeS }),
  };
  return { settings, fields };
}
