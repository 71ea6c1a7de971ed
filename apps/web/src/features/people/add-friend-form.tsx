import { ApiError } from "@miscord/client";
import { limits } from "@miscord/protocol";
import { type FormEvent, useState } from "react";
import { useTranslation } from "react-i18next";
import { useClient } from "../../core/client.ts";
import { useDescribeError } from "../../core/describe-error.ts";
import { Button } from "../../ui/button.tsx";
import { Field } from "../../ui/field.tsx";
import { Input } from "../../ui/input.tsx";
import { useToast } from "../../ui/toast.tsx";

/** Asks somebody to be a friend by their username. */
export function AddFriendForm() {
  const { t } = useTranslation("people");
  const client = useClient();
  const toast = useToast();
  const describe = useDescribeError();
  const [name, setName] = useState("");
  const [error, setError] = useState<string | null>(null);
  const [busy, setBusy] = useState(false);

  async function submit(event: FormEvent): Promise<void> {
    event.preventDefault();
    const username = name.trim().replace(/^@/, "");
    if (busy || username === "") return;
    setBusy(true);
    setError(null);
    try {
      const { user, kind } = await client.rest.addFriendNamed(username);
      setName("");
      toast({
        title: t(kind === "friend" ? "friend.made" : "friend.asked", { name: user.display_name }),
        tone: "success",
      });
    } catch (refusal) {
      setError(messageOf(refusal));
    } finally {
      setBusy(false);
    }
  }

  function messageOf(refusal: unknown): string {
    const code = refusal instanceof ApiError ? refusal.code : null;
    if (code === "not_found") return t("friend.nobody");
    return code === "forbidden" ? t("friend.refused") : describe(refusal);
  }

  return (
    <form onSubmit={(event) => void submit(event)} className="flex items-start gap-2">
      <Field label={t("friend.byName")} hideLabel error={error} className="min-w-0 flex-1">
        <Input
          value={name}
          maxLength={limits.usernameLength + 1}
          autoComplete="off"
          placeholder={t("friend.byName")}
          onChange={(event) => setName(event.target.value)}
        />
      </Field>
      <Button type="submit" variant="primary" busy={busy} disabled={name.trim() === ""} className="h-10!">
        {t("friend.send")}
      </Button>
    </form>
  );
}
