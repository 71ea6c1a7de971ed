import { limits, type ForumSettings } from "@miscord/protocol";
import { accessFacts } from "@miscord/client";
import { lacksTag, mayChangeTags } from "@miscord/rights";
import { useTranslation } from "react-i18next";
import { useClientState } from "../../../core/client.ts";
import { Field } from "../../../ui/field.tsx";
import { Input } from "../../../ui/input.tsx";
import { TagChoice } from "./tag-chip.tsx";

export interface PostFields {
  name: string;
  tags: readonly number[];
}

interface PostFormProps {
  channelId: number;
  forum: ForumSettings;
  fields: PostFields;
  /** Those that the post has. */
  before: readonly number[];
  onChange: (fields: PostFields) => void;
}

/** Title and tags of a post. */
export function PostForm({ channelId, forum, fields, before, onChange }: PostFormProps) {
  const { t } = useTranslation("forums");
  const facts = useClientState((state) => accessFacts(state, state.channels[channelId]?.server_id ?? null, channelId));
  const offered = forum.tags.filter((tag) => facts && mayChangeTags(facts, [tag], [], [tag.id]));
  const kept = before.filter((id) => !offered.some((tag) => tag.id === id));
  const isRequired = facts !== null && lacksTag(facts, forum, []);
  const most = limits.tagsPerPost - kept.length;
  return (
    <>
      <Field label={t("postTitle")}>
        <Input
          autoFocus
          required
          autoComplete="off"
          maxLength={limits.channelNameLength}
          value={fields.name}
          onChange={(event) => onChange({ ...fields, name: event.target.value })}
        />
      </Field>
      {offered.length > 0 && (
        <div className="mt-4 flex flex-col gap-1.5">
          <p className="text-sm font-medium">
            {t("tags")}
            {isRequired && <span className="font-normal text-faint"> · {t("tagRequired")}</span>}
          </p>
          <TagChoice
            label={t("tags")}
            tags={offered}
            chosen={fields.tags.filter((id) => !kept.includes(id))}
            most={most}
            onChange={(tags) => onChange({ ...fields, tags: [...kept, ...tags] })}
            className="flex-wrap"
          />
        </div>
      )}
    </>
  );
}

/** Whether the fields may be sent. */
export function useIsComplete(channelId: number, forum: ForumSettings, { name, tags }: PostFields): boolean {
  const facts = useClientState((state) => accessFacts(state, state.channels[channelId]?.server_id ?? null, channelId));
  return name.trim() !== "" && facts !== null && !lacksTag(facts, forum, tags);
}
