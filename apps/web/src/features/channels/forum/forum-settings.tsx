import { limits, type ChannelPatch, type ForumSettings, type ForumTag } from "@miscord/protocol";
import { Plus, Shield, Smile, X } from "lucide-react";
import { type ReactNode, useState } from "react";
import { useTranslation } from "react-i18next";
import { useClientState } from "../../../core/client.ts";
import { Button } from "../../../ui/button.tsx";
import { Field } from "../../../ui/field.tsx";
import { IconButton } from "../../../ui/icon-button.tsx";
import { Input } from "../../../ui/input.tsx";
import { Select } from "../../../ui/select.tsx";
import { Switch } from "../../../ui/switch.tsx";
import { EmojiPopover } from "../../emoji/emoji-popover.tsx";

/** A tag of the editor; a new one has no id. */
type EditedTag = Omit<ForumTag, "id"> & { key: string; id?: number };

const noSettings: ForumSettings = { tags: [], requires_tag: false, order: "activity" };

/** The fields for tags and order of a forum, and what was changed in them: others may change the rest. */
export function useForumSettings(channelId: number): { settings: Pick<ChannelPatch, "forum">; fields: ReactNode } {
  const { t } = useTranslation("forums");
  const forum = useClientState((state) => state.channels[channelId]?.forum);
  const [initial] = useState(forum ?? noSettings);
  const [tags, setTags] = useState<readonly EditedTag[]>(() =>
    initial.tags.map((tag) => ({ ...tag, key: String(tag.id) })),
  );
  const [requiresTag, setRequiresTag] = useState(initial.requires_tag);
  const [order, setOrder] = useState(initial.order);
  const fields = (
    <>
      <TagList tags={tags} onChange={setTags} />
      <div className="mt-4">
        <Switch label={t("requires")} hint={t("requiresHint")} checked={requiresTag} onChange={setRequiresTag} />
      </div>
      <Field label={t("order.default")} className="mt-4">
        <Select
          value={order}
          onChange={setOrder}
          options={[
            { value: "activity", label: t("order.activity") },
            { value: "newest", label: t("order.newest") },
          ]}
        />
      </Field>
    </>
  );
  const named = tags
    .map(({ key: _key, ...tag }) => ({ ...tag, name: tag.name.trim() }))
    .filter(({ name }) => name !== "");
  const changes = {
    ...(JSON.stringify(named.map(ordered)) !== JSON.stringify(initial.tags.map(ordered)) && { tags: named }),
    ...(requiresTag !== initial.requires_tag && { requires_tag: requiresTag }),
    ...(order !== initial.order && { order }),
  };
  return { settings: Object.keys(changes).length > 0 ? { forum: changes } : {}, fields };
}

/** With its fields in one order, to compare. */
function ordered({ id, name, emoji, moderated }: Omit<EditedTag, "key">) {
  return [id ?? null, name, emoji, moderated];
}

interface TagListProps {
  tags: readonly EditedTag[];
  onChange: (tags: readonly EditedTag[]) => void;
}

function TagList({ tags, onChange }: TagListProps) {
  const { t } = useTranslation("forums");
  const add = () => onChange([...tags, { key: crypto.randomUUID(), name: "", emoji: null, moderated: false }]);
  const change = (key: string, step: Partial<EditedTag>) =>
    onChange(tags.map((tag) => (tag.key === key ? { ...tag, ...step } : tag)));
  return (
    <fieldset className="mt-4 flex flex-col gap-2">
      <legend className="mb-1.5 text-sm font-medium">{t("tags")}</legend>
      <p className="text-sm text-faint">{t(tags.length === 0 ? "noTags" : "moderatedHint")}</p>
      {tags.map((tag) => (
        <TagFields
          key={tag.key}
          tag={tag}
          onChange={(step) => change(tag.key, step)}
          onRemove={() => onChange(tags.filter(({ key }) => key !== tag.key))}
        />
      ))}
      {tags.length < limits.tagsPerForum && (
        <Button size="sm" icon={<Plus size={15} aria-hidden />} onClick={add} className="self-start">
          {t("addTag")}
        </Button>
      )}
    </fieldset>
  );
}

interface TagFieldsProps {
  tag: EditedTag;
  onChange: (step: Partial<EditedTag>) => void;
  onRemove: () => void;
}

function TagFields({ tag, onChange, onRemove }: TagFieldsProps) {
  const { t } = useTranslation("forums");
  const [isPicking, setPicking] = useState(false);
  return (
    <div className="flex items-center gap-1">
      <EmojiPopover
        open={isPicking}
        onOpenChange={setPicking}
        onPick={(emoji) => onChange({ emoji })}
        trigger={
          <IconButton
            label={t("tagEmoji")}
            icon={tag.emoji ? <span className="text-lg">{tag.emoji}</span> : <Smile size={18} />}
          />
        }
      />
      <Field label={t("tagName")} hideLabel className="min-w-0 flex-1">
        <Input
          autoComplete="off"
          autoFocus={tag.id === undefined}
          placeholder={t("tagName")}
          maxLength={limits.tagNameLength}
          value={tag.name}
          onChange={(event) => onChange({ name: event.target.value })}
        />
      </Field>
      <IconButton
        label={t("moderated", { tag: tag.name })}
        pressed={tag.moderated}
        icon={<Shield size={17} />}
        className={tag.moderated ? "text-link!" : "text-faint!"}
        onClick={() => onChange({ moderated: !tag.moderated })}
      />
      <IconButton label={t("removeTag", { tag: tag.name })} icon={<X size={17} />} onClick={onRemove} />
    </div>
  );
}
