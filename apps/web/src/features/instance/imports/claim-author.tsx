import { ApiError, importCalls } from "@miscord/client";
import { importLimits, limits, type ImportClaimRefusal } from "@miscord/protocol";
import { type FormEvent, useState } from "react";
import { useTranslation } from "react-i18next";
import { useClient } from "../../../core/client.ts";
import { useDescribeError } from "../../../core/describe-error.ts";
import { PanelSection } from "../../../layout/panel-section.tsx";
import { Button } from "../../../ui/button.tsx";
import { Field } from "../../../ui/field.tsx";
import { Input } from "../../../ui/input.tsx";
import { useToast } from "../../../ui/toast.tsx";

interface Fault {
  field: "author" | "username";
  text: string;
}

/** Gives what an author of Discord wrote to an account here. */
export function ClaimAuthor() {
  const { t } = useTranslation("imports");
  const { rest } = useClient();
  const toast = useToast();
  const describe = useDescribeError();
  const [author, setAuthor] = useState("");
  const [username, setUsername] = useState("");
  const [fault, setFault] = useState<Fault | null>(null);
  const [busy, setBusy] = useState(false);

  function faultOf(error: unknown): Fault {
    const { reason, names = "" } = (error instanceof ApiError ? (error.details ?? {}) : {}) as Partial<Refused>;
    if (!reason) return { field: "author", text: describe(error) };
    return { field: reason === "no_user" ? "username" : "author", text: t(`claim.refused.${reason}`, { names }) };
  }

  async function submit(event: FormEvent): Promise<void> {
    event.preventDefault();
    if (busy) return;
    setBusy(true);
    setFault(null);
    try {
      const body = { author: author.trim(), username: username.trim().replace(/^@/, "") };
      const claimed = await importCalls(rest).claimAuthor(body);
      const { username: name, messages: count } = claimed;
      toast({ title: t("claim.done", { author: body.author, username: name, count }), tone: "success" });
      setAuthor("");
      setUsername("");
    } catch (error) {
      setFault(faultOf(error));
    } finally {
      setBusy(false);
    }
  }

  const errorAt = (field: Fault["field"]) => (fault?.field === field ? fault.text : null);
  return (
    <PanelSection title={t("claim.title")} hint={t("claim.hint")}>
      <form onSubmit={(event) => void submit(event)} className="flex max-w-160 flex-col items-start gap-3">
        <div className="grid w-full gap-3 sm:grid-cols-2">
          <Name
            label={t("claim.author")}
            error={errorAt("author")}
            value={author}
            maxLength={importLimits.authorLength}
            onChange={setAuthor}
          />
          <Name
            label={t("claim.username")}
            error={errorAt("username")}
            value={username}
            maxLength={limits.usernameLength + 1}
            onChange={setUsername}
          />
        </div>
        <Button type="submit" busy={busy} disabled={author.trim() === "" || username.trim() === ""}>
          {t("claim.submit")}
        </Button>
      </form>
    </PanelSection>
  );
}

interface NameProps {
  label: string;
  error: string | null;
  value: string;
  maxLength: number;
  onChange: (value: string) => void;
}

function Name({ label, error, onChange, ...rest }: NameProps) {
  return (
    <Field label={label} error={error}>
      <Input required autoComplete="off" onChange={(event) => onChange(event.target.value)} {...rest} />
    </Field>
  );
}

interface Refused {
  reason: ImportClaimRefusal;
  names: string;
}
