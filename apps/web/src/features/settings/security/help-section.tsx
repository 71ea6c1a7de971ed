import { ApiError, securityCalls } from "@miscord/client";
import { limits } from "@miscord/protocol";
import { Copy } from "lucide-react";
import { type FormEvent, useState } from "react";
import { useTranslation } from "react-i18next";
import { useClient } from "../../../core/client.ts";
import { paths } from "../../../core/paths.ts";
import { useCopy } from "../../../core/use-copy.ts";
import { PanelSection } from "../../../layout/panel-section.tsx";
import { Button } from "../../../ui/button.tsx";
import { Field } from "../../../ui/field.tsx";
import { Input } from "../../../ui/input.tsx";
import { useGuarded } from "./use-guarded.ts";

/** For administrators: a link by which somebody else sets a new password. */
export function HelpSection() {
  const { t } = useTranslation("security");
  const calls = securityCalls(useClient().rest);
  const copy = useCopy();
  const { busy, run, question } = useGuarded();
  const [username, setUsername] = useState("");
  const [fault, setFault] = useState<"missing" | "admin" | null>(null);
  const [link, setLink] = useState<{ username: string; address: string } | null>(null);
  async function submit(event: FormEvent) {
    event.preventDefault();
    setLink(null);
    setFault(null);
    await run(async () => {
      try {
        const { token } = await calls.createResetLink(username.trim());
        // After the mark, where browsers keep it from servers and their logs.
        setLink({ username: username.trim(), address: `${location.origin}${paths.reset}#${token}` });
      } catch (error) {
        if (!(error instanceof ApiError) || (error.code !== "not_found" && error.code !== "forbidden")) throw error;
        setFault(error.code === "not_found" ? "missing" : "admin");
      }
    });
  }
  return (
    <PanelSection title={t("help.title")} hint={t("help.hint")}>
      <form onSubmit={(event) => void submit(event)} className="flex max-w-90 flex-col gap-4">
        <Field label={t("help.username")} error={fault && t(`help.${fault}`)}>
          <Input
            required
            autoComplete="off"
            autoCapitalize="none"
            spellCheck={false}
            maxLength={limits.usernameLength}
            value={username}
            onChange={(event) => setUsername(event.target.value)}
          />
        </Field>
        <Button type="submit" busy={busy} disabled={username.trim() === ""} className="self-start">
          {t("help.submit")}
        </Button>
      </form>
      {link && (
        <Field label={t("help.link", { username: link.username })} hint={t("help.handOver")} className="mt-4">
          <div className="flex gap-2">
            <Input readOnly value={link.address} onFocus={(event) => event.target.select()} />
            <Button icon={<Copy size={16} aria-hidden />} onClick={() => void copy(link.address)}>
              {t("codes.copy")}
            </Button>
          </div>
        </Field>
      )}
      {question}
    </PanelSection>
  );
}
