import { emojiCalls } from "@miscord/client";
import { limits, type CustomEmoji } from "@miscord/protocol";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { useClient, useClientState } from "../../../core/client.ts";
import { useAction } from "../../../core/use-action.ts";
import { Button } from "../../../ui/button.tsx";
import { Dialog } from "../../../ui/dialog.tsx";
import { Field } from "../../../ui/field.tsx";
import { Input } from "../../../ui/input.tsx";

export function isEmojiName(name: string): boolean {
  return name.length >= limits.emojiNameMin && name.length <= limits.emojiNameLength && /^\w+$/.test(name);
}

interface EmojiDialogProps {
  serverId: number;
  emoji: CustomEmoji;
  onClose: () => void;
}

/** Name and aliases of an emoji. */
export function EmojiDialog({ serverId, emoji, onClose }: EmojiDialogProps) {
  const { t } = useTranslation(["emojis", "common"]);
  const { rest } = useClient();
  const { busy, run } = useAction();
  const [name, setName] = useState(emoji.name);
  const [words, setWords] = useState(emoji.aliases.join(", "));
  const isTaken = useClientState(
    (state) => state.servers[serverId]?.emojis?.some((one) => one.id !== emoji.id && one.name === name) ?? false,
  );
  const aliases = [...new Set(words.split(",").map((word) => word.trim()))].filter(Boolean);
  const hasRoom =
    aliases.length <= limits.emojiAliases && aliases.every((one) => one.length <= limits.emojiAliasLength);
  const nameError = isEmojiName(name) ? (isTaken ? t("taken") : undefined) : t("badName");
  const canSave = nameError === undefined && hasRoom;

  async function save(): Promise<void> {
    if (canSave && (await run(() => emojiCalls(rest, serverId).change(emoji.id, { name, aliases })))) onClose();
  }

  return (
    <Dialog
      open
      onOpenChange={onClose}
      title={t("changeTitle", { name: emoji.name })}
      footer={
        <>
          <Button variant="ghost" onClick={onClose}>
            {t("common:cancel")}
          </Button>
          <Button variant="primary" busy={busy} disabled={!canSave} onClick={() => void save()}>
            {t("common:save")}
          </Button>
        </>
      }
    >
      <form
        className="flex flex-col gap-4"
        onSubmit={(event) => {
          event.preventDefault();
          void save();
        }}
      >
        <Field label={t("name")} error={nameError}>
          <Input
            value={name}
            maxLength={limits.emojiNameLength}
            onChange={({ currentTarget }) => setName(currentTarget.value)}
          />
        </Field>
        <Field
          label={t("aliases")}
          hint={t("aliasesHint")}
          error={
            hasRoom ? undefined : t("tooManyAliases", { count: limits.emojiAliases, length: limits.emojiAliasLength })
          }
        >
          <Input dir="auto" value={words} onChange={({ currentTarget }) => setWords(currentTarget.value)} />
        </Field>
        <button type="submit" hidden />
      </form>
    </Dialog>
  );
}
