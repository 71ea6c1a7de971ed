import { botCalls } from "@miscord/client";
import { limits, type BotWithToken } from "@miscord/protocol";
import { type FormEvent, useState } from "react";
import { useTranslation } from "react-i18next";
import { useClient } from "../../../core/client.ts";
import { Button } from "../../../ui/button.tsx";
import { Dialog } from "../../../ui/dialog.tsx";
import { Field } from "../../../ui/field.tsx";
import { Input } from "../../../ui/input.tsx";
import { useGuarded } from "../security/use-guarded.ts";

export function NewBotDialog({ onMade, onClose }: { onMade: (bot: BotWithToken) => void; onClose: () => void }) {
  const { t } = useTranslation("bots");
  const calls = botCalls(useClient().rest);
  const { busy, run, question } = useGuarded();
  const [username, setUsername] = useState("");
  async function submit(event: FormEvent) {
    event.preventDefault();
    await run(async () => onMade(await calls.create({ username: username.trim() })));
  }
  return (
    <Dialog open title={t("makeTitle")} onOpenChange={onClose}>
      <form onSubmit={(event) => void submit(event)} className="flex flex-col gap-4">
        <Field label={t("username")} hint={t("usernameHint")}>
          <Input
            autoFocus
            required
            autoComplete="off"
            minLength={limits.usernameMin}
            maxLength={limits.usernameLength}
            value={username}
            onChange={(event) => setUsername(event.target.value)}
          />
        </Field>
        <Button type="submit" variant="primary" busy={busy} disabled={username.trim() === ""}>
          {t("make")}
        </Button>
      </form>
      {question}
    </Dialog>
  );
}
