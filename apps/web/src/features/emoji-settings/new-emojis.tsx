import { ApiError, emojiCalls } from "@miscord/client";
import { limits, type CustomEmoji } from "@miscord/protocol";
import { X } from "lucide-react";
import { type Dispatch, type SetStateAction, useState } from "react";
import { useClient } from "../../core/client.ts";
import { useDescribeError } from "../../core/describe-error.ts";
import { Button } from "../../ui/button.tsx";
import { Field } from "../../ui/field.tsx";
import { IconButton } from "../../ui/icon-button.tsx";
import { Input } from "../../ui/input.tsx";
import { useKindTexts, type EmojiKind } from "./kinds.ts";

/** A picture that was chosen and is not uploaded yet. */
export interface NewEmoji {
  key: string;
  file: File;
  /** Of a preview. */
  url: string;
  name: string;
  aliases: readonly string[];
  /** Why it could not be added; empty: nothing is known against it. */
  error: string;
}

interface NewEmojisProps {
  kind: EmojiKind;
  serverId: number | null;
  taken: readonly CustomEmoji[];
  added: readonly NewEmoji[];
  onChange: Dispatch<SetStateAction<readonly NewEmoji[]>>;
}

/** Names of the chosen pictures, and the button that uploads them. What fails stays, with the reason. */
export function NewEmojis({ kind, serverId, taken, added, onChange }: NewEmojisProps) {
  const { t } = useKindTexts(kind);
  const { rest } = useClient();
  const describe = useDescribeError();
  const [isBusy, setBusy] = useState(false);
  if (added.length === 0) return null;
  const change = (key: string, fields: Partial<NewEmoji>) =>
    onChange((all) => all.map((one) => (one.key === key ? { ...one, ...fields } : one)));
  const drop = ({ key, url }: NewEmoji) => {
    URL.revokeObjectURL(url);
    onChange((all) => all.filter((one) => one.key !== key));
  };
  const nameFault = ({ key, name }: NewEmoji) => {
    if (!kind.isName(name)) return t("badName");
    const isTaken = [...taken, ...added.filter((one) => one.key !== key)].some((one) => one.name === name);
    return isTaken ? t("taken") : "";
  };
  const ready = added.filter((one) => nameFault(one) === "");

  async function upload(): Promise<void> {
    setBusy(true);
    for (const one of ready) {
      try {
        await untilAllowed(() => emojiCalls(rest, serverId, kind.id).create(one.file, one.name, one.aliases));
        drop(one);
      } catch (error) {
        const isNoPicture = error instanceof ApiError && error.code === "invalid_request";
        change(one.key, { error: isNoPicture ? t("noPicture") : describe(error) });
      }
    }
    setBusy(false);
  }

  return (
    <section aria-label={t("chosen")} className="mb-4 rounded-lg bg-sunken p-3">
      <ul className="flex flex-col gap-2">
        {added.map((one) => (
          <NewEmojiRow
            key={one.key}
            kind={kind}
            emoji={one}
            fault={nameFault(one) || one.error}
            isBusy={isBusy}
            onRename={(name) => change(one.key, { name, error: "" })}
            onDrop={() => drop(one)}
          />
        ))}
      </ul>
      <Button
        size="sm"
        variant="primary"
        className="mt-3"
        busy={isBusy}
        disabled={ready.length === 0}
        onClick={() => void upload()}
      >
        {t("add", { count: ready.length })}
      </Button>
    </section>
  );
}

interface NewEmojiRowProps {
  kind: EmojiKind;
  emoji: NewEmoji;
  fault: string;
  isBusy: boolean;
  onRename: (name: string) => void;
  onDrop: () => void;
}

function NewEmojiRow({ kind, emoji: { file, name, url }, fault, isBusy, onRename, onDrop }: NewEmojiRowProps) {
  const { t } = useKindTexts(kind);
  return (
    <li className="flex items-start gap-3">
      <img
        src={url}
        alt=""
        // The browser may be unable to show what the server reads.
        onError={({ currentTarget }) => (currentTarget.style.visibility = "hidden")}
        className="mt-1 size-8 shrink-0 rounded-sm object-contain"
      />
      <Field hideLabel label={t("nameOf", { file: file.name })} error={fault} className="min-w-0 flex-1">
        <Input
          dir="auto"
          value={name}
          disabled={isBusy}
          maxLength={limits.emojiNameLength}
          onChange={(event) => onRename(event.target.value)}
        />
      </Field>
      <IconButton label={t("dropNew", { name })} icon={<X size={16} />} disabled={isBusy} onClick={onDrop} />
    </li>
  );
}

const attempts = 20;

/** Many pictures at once are more than the server takes at once. */
async function untilAllowed<Result>(work: () => Promise<Result>): Promise<Result> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await work();
    } catch (error) {
      const isLimited = error instanceof ApiError && error.code === "rate_limited";
      if (!isLimited || attempt === attempts) throw error;
      await new Promise((resolve) => setTimeout(resolve, error.retryAfterMs ?? 1_000));
    }
  }
}
