import { accessFacts } from "@miscord/client";
import { checkDeleteServer } from "@miscord/rights";
import { limits } from "@miscord/protocol";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { useClient, useClientState } from "../../core/client.ts";
import { PictureField } from "../pictures/picture-field.tsx";
import { ServerPreviews } from "../embeds/server-previews.tsx";
import { useGuarded } from "../settings/security/use-guarded.ts";
import { SaveForm } from "../../layout/save-form.tsx";
import { Button } from "../../ui/button.tsx";
import { Dialog } from "../../ui/dialog.tsx";
import { Field } from "../../ui/field.tsx";
import { Input } from "../../ui/input.tsx";
import { ServerTile } from "./server-tile.tsx";

export function OverviewPanel({ serverId, onDeleted }: { serverId: number; onDeleted: () => void }) {
  const { t } = useTranslation("servers");
  const [deleting, setDeleting] = useState(false);
  const mayDelete = useMayDelete(serverId);
  return (
    <>
      <ServerPicture serverId={serverId} />
      <NameForm serverId={serverId} />
      <ServerPreviews serverId={serverId} />
      {mayDelete && (
        <section className="mt-8 border-t border-line pt-5">
          <h3 className="text-lg font-semibold">{t("delete.heading")}</h3>
          <p className="mb-3 mt-1 text-sm text-muted">{t("delete.description")}</p>
          <Button variant="danger" onClick={() => setDeleting(true)}>
            {t("delete.open")}
          </Button>
        </section>
      )}
      {deleting && <DeleteDialog serverId={serverId} onClose={() => setDeleting(false)} onDeleted={onDeleted} />}
    </>
  );
}

/** No role deletes a server. */
function useMayDelete(serverId: number): boolean {
  return useClientState((state) => {
    const facts = accessFacts(state, serverId);
    return facts !== null && checkDeleteServer(facts) === "allowed";
  });
}

function ServerPicture({ serverId }: { serverId: number }) {
  const server = useClientState((state) => state.servers[serverId]);
  if (!server) return null;
  const { name, icon_url: iconUrl } = server;
  return (
    <div className="mb-6">
      <PictureField owner={{ kind: "server", id: serverId }} url={iconUrl}>
        <ServerTile id={serverId} name={name} iconUrl={iconUrl} size={56} />
      </PictureField>
    </div>
  );
}

function NameForm({ serverId }: { serverId: number }) {
  const { t } = useTranslation("servers");
  const client = useClient();
  const current = useClientState((state) => state.servers[serverId]?.name ?? "");
  const [name, setName] = useState(current);
  const wanted = name.trim();
  return (
    <SaveForm
      onSave={() => client.rest.updateServer(serverId, { name: wanted })}
      canSave={wanted !== "" && wanted !== current}
    >
      <div className="mb-3">
        <Field label={t("add.name")}>
          <Input
            required
            autoComplete="off"
            maxLength={limits.serverNameLength}
            value={name}
            onChange={(event) => setName(event.target.value)}
          />
        </Field>
      </div>
    </SaveForm>
  );
}

interface DeleteDialogProps {
  serverId: number;
  onClose: () => void;
  onDeleted: () => void;
}

/** Deleting a server deletes everything in it, so the user has to type the server's name to confirm. */
function DeleteDialog({ serverId, onClose, onDeleted }: DeleteDialogProps) {
  const { t } = useTranslation(["servers", "common"]);
  const client = useClient();
  const { busy, run, question } = useGuarded();
  const name = useClientState((state) => state.servers[serverId]?.name ?? "");
  const [typed, setTyped] = useState("");
  const remove = async () => {
    if (await run(() => client.rest.deleteServer(serverId))) onDeleted();
  };
  return (
    <Dialog open onOpenChange={onClose} title={t("delete.title", { server: name })} description={t("delete.warning")}>
      <form
        onSubmit={(event) => {
          event.preventDefault();
          void remove();
        }}
      >
        <Field label={t("delete.typeName", { server: name })}>
          <Input autoFocus autoComplete="off" value={typed} onChange={(event) => setTyped(event.target.value)} />
        </Field>
        <div className="mt-4 flex justify-end gap-2">
          <Button variant="ghost" onClick={onClose}>
            {t("common:cancel")}
          </Button>
          <Button type="submit" variant="danger" busy={busy} disabled={typed.trim() !== name}>
            {t("delete.submit")}
          </Button>
        </div>
      </form>
      {question}
    </Dialog>
  );
}
