import { isActiveAdmin } from "@miscord/client";
import { limits, type Locale, type ServerTemplate } from "@miscord/protocol";
import { ArrowLeftRight, Compass } from "lucide-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { useLocation } from "wouter";
import { useClient, useClientState } from "../../core/client.ts";
import { serverLanding } from "../../core/last-visited.ts";
import { inviteCodeOf, paths } from "../../core/paths.ts";
import { untilState } from "../../core/until-state.ts";
import { useAction } from "../../core/use-action.ts";
import { Button } from "../../ui/button.tsx";
import { Dialog } from "../../ui/dialog.tsx";
import { Field } from "../../ui/field.tsx";
import { Input } from "../../ui/input.tsx";
import { Select } from "../../ui/select.tsx";
import { openInstances } from "../instances/open-instances.ts";

const templates = ["blank", "gaming", "open_source", "class", "family"] as const satisfies readonly ServerTemplate[];

/** Creates a server, or joins one by invite. */
export function AddServerDialog({ onClose }: { onClose: () => void }) {
  const { t } = useTranslation(["servers", "instances"]);
  const mayCreate = useClientState((state) => state.instance?.server_creation !== "admins" || isActiveAdmin(state));
  const hasDiscovery = useClientState(({ instance }) => instance?.discovery === "on");
  const [, navigate] = useLocation();
  return (
    <Dialog
      open
      onOpenChange={onClose}
      title={t("add.title")}
      description={t(mayCreate ? "add.description" : "add.joinOnly")}
    >
      {mayCreate && (
        <>
          <CreateForm onClose={onClose} />
          <div className="my-5 flex items-center gap-3 text-xs text-faint" aria-hidden>
            <span className="h-px flex-1 bg-line" />
            {t("add.or")}
            <span className="h-px flex-1 bg-line" />
          </div>
        </>
      )}
      <JoinForm onClose={onClose} />
      {hasDiscovery && (
        <Button
          variant="ghost"
          icon={<Compass size={16} aria-hidden />}
          className="mt-3 w-full"
          onClick={() => {
            onClose();
            navigate(paths.discover);
          }}
        >
          {t("discover.open")}
        </Button>
      )}
      <Button
        variant="link"
        icon={<ArrowLeftRight size={16} aria-hidden />}
        className="mt-4"
        onClick={() => {
          onClose();
          openInstances();
        }}
      >
        {t("instances:open")}
      </Button>
    </Dialog>
  );
}

function CreateForm({ onClose }: { onClose: () => void }) {
  const { t, i18n } = useTranslation("servers");
  const client = useClient();
  const { busy, run } = useAction();
  const [, navigate] = useLocation();
  const [name, setName] = useState("");
  const [template, setTemplate] = useState<ServerTemplate>("blank");
  const create = async () => {
    const server = await client.rest.createServer({ name: name.trim(), locale: i18n.language as Locale, template });
    await untilState(client, (state) => server.id in state.servers);
    onClose();
    navigate(serverLanding(client.store.getState(), server.id));
  };
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        void run(create);
      }}
    >
      <Field label={t("add.name")}>
        <Input
          autoFocus
          required
          autoComplete="off"
          maxLength={limits.serverNameLength}
          placeholder={t("add.namePlaceholder")}
          value={name}
          onChange={(event) => setName(event.target.value)}
        />
      </Field>
      <Field label={t("add.template")} className="mt-3">
        <Select
          value={template}
          onChange={setTemplate}
          options={templates.map((value) => ({ value, label: t(`add.templates.${value}`) }))}
        />
      </Field>
      <Button type="submit" variant="primary" busy={busy} disabled={name.trim() === ""} className="mt-3 w-full">
        {t("add.create")}
      </Button>
    </form>
  );
}

function JoinForm({ onClose }: { onClose: () => void }) {
  const { t } = useTranslation("servers");
  const [, navigate] = useLocation();
  const [link, setLink] = useState("");
  const code = inviteCodeOf(link);
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        onClose();
        navigate(paths.invite(code));
      }}
    >
      <Field label={t("add.link")}>
        <Input
          required
          autoComplete="off"
          placeholder={`${location.origin}/invite/…`}
          value={link}
          onChange={(event) => setLink(event.target.value)}
        />
      </Field>
      <Button type="submit" disabled={code === ""} className="mt-3 w-full">
        {t("add.join")}
      </Button>
    </form>
  );
}
