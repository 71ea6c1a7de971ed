import { accessFacts } from "@miscord/client";
import { limits, type Role } from "@miscord/protocol";
import { includes, mayChangePermissions, permissionBits } from "@miscord/rights";
import { ArrowLeft, Eye, Trash2 } from "lucide-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { useShallow } from "zustand/shallow";
import { useClient, useClientState } from "../../../core/client.ts";
import { lockOutBy } from "../../../core/rights-of.ts";
import { closeDialog } from "../../../core/dialog-store.ts";
import { viewAs } from "../../../core/view-as.ts";
import { useAction } from "../../../core/use-action.ts";
import { Button } from "../../../ui/button.tsx";
import { ConfirmDialog } from "../../../ui/confirm-dialog.tsx";
import { Field } from "../../../ui/field.tsx";
import { Input } from "../../../ui/input.tsx";
import { Switch } from "../../../ui/switch.tsx";
import { useToast } from "../../../ui/toast.tsx";
import { serverPermissionNames } from "../../channels/permissions/permission-names.ts";
import { usePermissionSearch } from "../../channels/permissions/permission-search.tsx";
import { changesOf, type RoleDraft, withPermission, withRoleDraft } from "./role-draft.ts";
import { changeRoleDraft, discardRoleDraft, useRoleDraft } from "./role-drafts.ts";
import { useManages } from "./use-manages.ts";

interface RoleEditorProps {
  serverId: number;
  roleId: number;
  onBack: () => void;
}

export function RoleEditor({ serverId, roleId, onBack }: RoleEditorProps) {
  const { t } = useTranslation(["rights", "common"]);
  const saved = useClientState((state) => state.servers[serverId]?.roles.find(({ id }) => id === roleId));
  const draft = useRoleDraft(roleId);
  const manages = useManages(serverId);
  if (!saved) return null;
  const role = withRoleDraft(saved, draft);
  const isEveryone = saved.position === 0;
  const isLocked = !manages(saved);
  const change = (changes: RoleDraft) => changeRoleDraft(roleId, changes);
  return (
    <section>
      <Button variant="ghost" size="sm" icon={<ArrowLeft size={16} aria-hidden />} onClick={onBack}>
        {t("roles.back")}
      </Button>
      <h3 className="mt-2 text-lg font-semibold wrap-break-word">{isEveryone ? t("roles.everyone") : saved.name}</h3>
      {isEveryone && <p className="mt-1 text-sm text-muted">{t("roles.everyoneHint")}</p>}
      <Button
        className="mt-2"
        icon={<Eye size={16} aria-hidden />}
        onClick={() => {
          viewAs({ serverId, kind: "role", id: roleId });
          closeDialog();
        }}
      >
        {t("viewAs.asRole")}
      </Button>
      {isLocked && <p className="mt-1 text-sm text-muted">{t("roles.above")}</p>}
      {saved.offered && <p className="mt-1 text-sm text-muted">{t("roles.offered")}</p>}
      {!isEveryone && <Appearance role={role} disabled={isLocked} onChange={change} />}
      <PermissionSwitches
        {...{ serverId, role, disabled: isLocked }}
        onChange={(bit, isOn) => change(withPermission(saved, draft, { bit, isOn }))}
      />
      {!isLocked && <SaveBar {...{ serverId, saved, draft }} />}
      {!isLocked && !isEveryone && <DeleteRole role={saved} onDeleted={onBack} />}
    </section>
  );
}

interface PartProps {
  role: Role;
  disabled: boolean;
  onChange: (change: RoleDraft) => void;
}

function Appearance({ role, disabled, onChange }: PartProps) {
  const { t } = useTranslation("rights");
  return (
    <div className="mt-4 flex flex-col gap-4">
      <Field label={t("roles.name")}>
        <Input
          required
          autoComplete="off"
          disabled={disabled}
          maxLength={limits.roleNameLength}
          value={role.name}
          onChange={(event) => onChange({ name: event.target.value })}
        />
      </Field>
      <div className="flex items-end gap-3">
        <Field label={t("roles.color")}>
          <input
            type="color"
            aria-label={t("roles.color")}
            disabled={disabled}
            value={role.color ?? "#808080"}
            onChange={(event) => onChange({ color: event.target.value })}
            className="h-10 w-16 rounded-md border border-line bg-field p-1"
          />
        </Field>
        <Button variant="ghost" disabled={disabled || role.color === null} onClick={() => onChange({ color: null })}>
          {t("roles.noColor")}
        </Button>
      </div>
      <Switch
        label={t("roles.hoist")}
        disabled={disabled}
        checked={role.hoist}
        onChange={(hoist) => onChange({ hoist })}
      />
    </div>
  );
}

interface PermissionSwitchesProps extends Omit<PartProps, "onChange"> {
  serverId: number;
  onChange: (bit: number, isOn: boolean) => void;
}

function PermissionSwitches({ serverId, role, disabled, onChange }: PermissionSwitchesProps) {
  const { t } = useTranslation("rights");
  const { found, field } = usePermissionSearch(serverPermissionNames);
  const facts = useClientState(useShallow((state) => accessFacts(state, serverId)));
  return (
    <div className="mt-6">
      <h4 className="mb-2 font-semibold">{t("roles.permissions")}</h4>
      {field}
      {found.length === 0 && <p className="py-2 text-sm text-faint">{t("roles.nothingFound")}</p>}
      {found.map((name) => {
        const bit = permissionBits[name];
        return (
          <Switch
            key={name}
            label={t(`permission.${name}.label`)}
            hint={t(`permission.${name}.hint`)}
            // What the user lacks themselves they can neither give nor take.
            disabled={disabled || !facts || !mayChangePermissions(facts, 0, bit)}
            checked={includes(role.permissions, bit)}
            onChange={(isOn) => onChange(bit, isOn)}
          />
        );
      })}
    </div>
  );
}

function SaveBar({ serverId, saved, draft }: { serverId: number; saved: Role; draft: RoleDraft }) {
  const { t } = useTranslation(["rights", "common"]);
  const client = useClient();
  const toast = useToast();
  const { busy, run } = useAction();
  const [isAsking, setAsking] = useState(false);
  const changes = changesOf(saved, draft);
  const isValid = (draft.name ?? saved.name).trim() !== "";
  if (Object.keys(changes).length === 0) return null;
  async function save(): Promise<boolean> {
    const isSaved = await run(() => client.rest.updateRole(saved.id, changes));
    if (!isSaved) return false;
    discardRoleDraft(saved.id);
    toast({ title: t("common:saved"), tone: "success" });
    return true;
  }
  function ask(): void {
    const state = client.store.getState();
    const server = state.servers[serverId]!;
    const roles = server.roles.map((role) => (role.id === saved.id ? { ...role, ...changes } : role));
    const after = { ...state, servers: { ...state.servers, [serverId]: { ...server, roles } } };
    if (lockOutBy(state, after, serverId)) setAsking(true);
    else void save();
  }
  return (
    <div className="sticky -bottom-4 -mx-5 mt-4 flex flex-wrap items-center justify-end gap-2 border-t border-line bg-overlay px-5 py-3">
      <p role="status" className="mr-auto text-sm text-muted">
        {t("roles.unsaved")}
      </p>
      <Button variant="ghost" onClick={() => discardRoleDraft(saved.id)}>
        {t("roles.reset")}
      </Button>
      <Button variant="primary" busy={busy} disabled={!isValid} onClick={ask}>
        {t("common:save")}
      </Button>
      <ConfirmDialog
        open={isAsking}
        danger
        onOpenChange={setAsking}
        title={t("lockOut.title")}
        description={t("lockOut.manage")}
        confirmLabel={t("lockOut.submit")}
        onConfirm={save}
      />
    </div>
  );
}

function DeleteRole({ role, onDeleted }: { role: Role; onDeleted: () => void }) {
  const { t } = useTranslation("rights");
  const client = useClient();
  const { run } = useAction();
  const [isAsking, setAsking] = useState(false);
  async function remove(): Promise<boolean> {
    const isDone = await run(() => client.rest.deleteRole(role.id));
    if (isDone) onDeleted();
    return isDone;
  }
  return (
    <div className="mt-8 border-t border-line pt-5">
      <Button variant="danger" icon={<Trash2 size={16} aria-hidden />} onClick={() => setAsking(true)}>
        {t("roles.delete")}
      </Button>
      <ConfirmDialog
        open={isAsking}
        danger
        onOpenChange={setAsking}
        title={t("roles.deleteTitle", { role: role.name })}
        description={t("roles.deleteDescription")}
        confirmLabel={t("roles.delete")}
        onConfirm={remove}
      />
    </div>
  );
}
