import { ApiError } from "@miscord/client";
import { limits, type Invite } from "@miscord/protocol";
import { Check, Copy, Send } from "lucide-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { useClient, useClientState } from "../../core/client.ts";
import { paths } from "../../core/paths.ts";
import { useAction } from "../../core/use-action.ts";
import { useCan } from "../../core/use-can.ts";
import { useCopy } from "../../core/use-copy.ts";
import { Button } from "../../ui/button.tsx";
import { Dialog } from "../../ui/dialog.tsx";
import { Field } from "../../ui/field.tsx";
import { Input } from "../../ui/input.tsx";
import { Select } from "../../ui/select.tsx";
import { useToast } from "../../ui/toast.tsx";
import { OwnInvites } from "./invites-panel.tsx";

/** Lifetimes of an invite in seconds; null never expires and is for those who manage the server. */
const expiries = {
  hour: 3_600,
  day: 86_400,
  week: 604_800,
  month: limits.memberInviteSeconds,
  never: null,
} as const;
const usesAllowed = { once: 1, five: 5, twentyFive: 25, hundred: 100, unlimited: null } as const;

type Expiry = keyof typeof expiries;
type UseLimit = keyof typeof usesAllowed;

export function InviteDialog({ serverId, onClose }: { serverId: number; onClose: () => void }) {
  const { t } = useTranslation("servers");
  const name = useClientState((state) => state.servers[serverId]?.name ?? "");
  const [latest, setLatest] = useState<string | null>(null);
  return (
    <Dialog
      open
      onOpenChange={onClose}
      title={t("invite.title", { server: name })}
      description={t("invite.description")}
    >
      <InviteLink serverId={serverId} onMade={({ code }) => setLatest(code)} />
      <hr className="my-5 border-line" />
      <InviteByName serverId={serverId} onMade={({ code }) => setLatest(code)} />
      <OwnInvites serverId={serverId} latest={latest} />
    </Dialog>
  );
}

interface FormProps {
  serverId: number;
  onMade: (invite: Invite) => void;
}

function InviteLink({ serverId, onMade }: FormProps) {
  const { t } = useTranslation("servers");
  const client = useClient();
  const { busy, run } = useAction();
  const mayLast = useCan(serverId, "manageGuild");
  const offered = (Object.keys(expiries) as Expiry[]).filter((value) => mayLast || expiries[value] !== null);
  const [expiry, setExpiry] = useState<Expiry>("week");
  const [uses, setUses] = useState<UseLimit>("unlimited");
  const [invite, setInvite] = useState<Invite | null>(null);
  const toast = useToast();
  const create = async () => {
    const limitsOfUse = { expires_in: expiries[expiry], max_uses: usesAllowed[uses] };
    const tooMany = (error: unknown) => {
      if (!(error instanceof ApiError) || error.code !== "limit_reached") throw error;
      toast({ title: t("invite.tooMany"), tone: "danger" });
      return null;
    };
    const made = await client.rest.createInvite(serverId, limitsOfUse).catch(tooMany);
    setInvite(made);
    if (made) onMade(made);
  };
  if (invite) return <CreatedLink link={location.origin + paths.invite(invite.code)} onAgain={() => setInvite(null)} />;
  return (
    <div>
      <div className="grid grid-cols-2 gap-3">
        <Field label={t("invite.expires")}>
          <Select
            value={expiry}
            onChange={setExpiry}
            options={offered.map((value) => ({ value, label: t(`invite.expiry.${value}`) }))}
          />
        </Field>
        <Field label={t("invite.uses")}>
          <Select
            value={uses}
            onChange={setUses}
            options={(Object.keys(usesAllowed) as UseLimit[]).map((value) => ({ value, label: usesLabel(value) }))}
          />
        </Field>
      </div>
      <Button variant="primary" busy={busy} onClick={() => void run(create)} className="mt-3 w-full">
        {t("invite.create")}
      </Button>
    </div>
  );

  function usesLabel(value: UseLimit): string {
    const count = usesAllowed[value];
    return count === null ? t("invite.unlimited") : t("invite.times", { count });
  }
}

function CreatedLink({ link, onAgain }: { link: string; onAgain: () => void }) {
  const { t } = useTranslation(["servers", "common"]);
  const copy = useCopy();
  const [copied, setCopied] = useState(false);
  return (
    <div>
      <Field label={t("invite.link")}>
        <Input
          readOnly
          autoFocus
          value={link}
          onFocus={(event) => event.target.select()}
          className="font-mono text-sm!"
        />
      </Field>
      <div className="mt-3 flex gap-2">
        <Button
          variant="primary"
          className="flex-1"
          icon={copied ? <Check size={16} aria-hidden /> : <Copy size={16} aria-hidden />}
          onClick={() => void copy(link).then(setCopied)}
        >
          {copied ? t("common:copied") : t("invite.copy")}
        </Button>
        <Button onClick={onAgain}>{t("invite.another")}</Button>
      </div>
    </div>
  );
}

/** There is nobody of this name. */
function nullIfNotFound(error: unknown): null {
  if (error instanceof ApiError && error.code === "not_found") return null;
  throw error;
}

function InviteByName({ serverId, onMade }: FormProps) {
  const { t } = useTranslation("servers");
  const client = useClient();
  const toast = useToast();
  const { busy, run } = useAction();
  const [username, setUsername] = useState("");
  const [nobody, setNobody] = useState(false);
  const send = async () => {
    const wanted = username.trim().replace(/^@/, "");
    const body = { username: wanted, max_uses: 1, expires_in: expiries.week };
    const made = await client.rest.createInvite(serverId, body).catch(nullIfNotFound);
    setNobody(made === null);
    if (!made) return;
    onMade(made);
    toast({ title: t("invite.sent", { name: wanted }), tone: "success" });
    setUsername("");
  };
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        void run(send);
      }}
    >
      <Field label={t("invite.byName")} hint={t("invite.byNameHint")} error={nobody && t("invite.nobody")}>
        <div className="flex gap-2">
          <Input
            autoComplete="off"
            spellCheck={false}
            placeholder={t("invite.namePlaceholder")}
            value={username}
            onChange={(event) => {
              setUsername(event.target.value);
              setNobody(false);
            }}
          />
          <Button
            type="submit"
            busy={busy}
            disabled={username.trim() === ""}
            icon={<Send size={16} aria-hidden />}
            className="h-10"
          >
            {t("invite.send")}
          </Button>
        </div>
      </Field>
    </form>
  );
}
