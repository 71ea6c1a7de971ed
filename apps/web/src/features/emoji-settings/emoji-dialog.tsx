import { emojiCalls } from "@miscord/client";
import { limits, type CustomEmoji } from "@miscord/protocol";
import { type FormEvent, useState } from "react";
import { useClient, useClientState } from "../../core/client.ts";
import { useAction } from "../../core/use-action.ts";
import { Button } from "../../ui/button.tsx";
import { Dialog } from "../../ui/dialog.tsx";
import { Field } from "../../ui/field.tsx";
import { Input } from "../../ui/input.tsx";
import { emojisIn, useKindTexts, type EmojiKind } from "./kinds.ts";

interface EmojiDialogProps {
  kind: EmojiKind;
  serverId: number | null;
  emoji: CustomEmoji;
  onClose: () => void;
}

/** Name and aliases of an emoji or a sticker. */
export function EmojiDialog({ kind, serverId, emoji, onClose }: EmojiDialogProps) {
  const { t } = useKindTexts(kind);
  const { rest } = useClient();
  const { busy, run } = useAction();
  const [name, setName] = useState(emoji.name);
  const [words, setWords] = useState(emoji.aliases.join(", "));
  const isTaken = useClientState(
    (state) => emojisIn(state, kind, serverId)?.some((one) => one.id !== emoji.id && one.name === name) ?? false,
  );
  const aliases = aliasesIn(words);
  const nameError = kind.isName(name) ? (isTaken ? t("taken") : undefined) : t("badName");
  const most = { count: limits.emojiAliases, length: limits.emojiAliasLength };
  const isTooMuch = aliases.length > most.count || aliases.some((one) => one.length > most.length);

  async function save(event: FormEvent) {
    event.preventDefault();
    if (await run(() => emojiCalls(rest, serverId, kind.id).change(emoji.id, { name, aliases }))) onClose();
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
          <Button variant="primary" type="submit" form="emoji" busy={busy} disabled={Boolean(nameError) || isTooMuch}>
            {t("common:save")}
          </Button>
        </>
      }
    >
      <form id="emoji" onSubmit={(event) => void save(event)} className="flex flex-col gap-4">
        <Field label={t("name")} error={nameError}>
          <Input
            dir="auto"
            value={name}
            maxLength={limits.emojiNameLength}
            onChange={(event) => setName(event.target.value)}
          />
        </Field>
        <Field label={t("aliases")} hint={t("aliasesHint")} error={isTooMuch && t("tooManyAliases", most)}>
          <Input dir="auto" value={words} onChange={(event) => setWords(event.target.value)} />
        </Field>
      </form>
    </Dialog>
  );
}

/** Words with commas between them. */
function aliasesIn(words: string): string[] {
  return [...new Set(words.split(",").map((word) => word.trim()))].filter(Boolean);
}
