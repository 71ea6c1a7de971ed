import { accessFacts } from "@miscord/client";
import type { ChannelOverride } from "@miscord/protocol";
import { bitsOf, mayChangePermissions, mayOverride } from "@miscord/rights";
import { type ReactNode, useState } from "react";
import { useTranslation } from "react-i18next";
import { useShallow } from "zustand/shallow";
import { useClientState, useMe } from "../../../core/client.ts";
import { useIsOwner } from "../../../core/use-can.ts";
import { useRoles } from "../../../core/use-roles.ts";
import { Checkbox } from "../../../ui/checkbox.tsx";
import { Switch } from "../../../ui/switch.tsx";

const view = bitsOf("viewChannel");

/** Fields that make a new channel private, and the overrides that this takes. Null for users who may not set them. */
export function usePrivacy(serverId: number): { overrides: ChannelOverride[]; fields: ReactNode } {
  const { t } = useTranslation("rights");
  const me = useMe();
  const isOwner = useIsOwner(serverId);
  const facts = useClientState(useShallow((state) => accessFacts(state, serverId)));
  const server = useClientState((state) => state.servers[serverId]);
  const all = useRoles(serverId);
  const [isPrivate, setPrivate] = useState(false);
  const [chosen, setChosen] = useState<readonly number[]>([]);
  if (!facts || !server) return { overrides: [], fields: null };
  const mayAllow = (position: number) => mayOverride(facts, { type: "role", position });
  if (!mayAllow(0) || !mayChangePermissions(facts, 0, view)) return { overrides: [], fields: null };
  const roles = all.filter(({ position }) => mayAllow(position));
  const choose = (roleId: number, isChosen: boolean) =>
    setChosen(isChosen ? [...chosen, roleId] : chosen.filter((id) => id !== roleId));
  const fields = (
    <div className="mt-4">
      <Switch
        label={t("channel.private")}
        hint={t("channel.createPrivateHint")}
        checked={isPrivate}
        onChange={setPrivate}
      />
      {isPrivate && roles.length > 0 && (
        <fieldset className="mt-3 flex flex-col gap-2">
          <legend className="mb-2 text-sm font-medium">{t("channel.rolesInside")}</legend>
          {roles.map((role) => (
            <Checkbox
              key={role.id}
              label={role.name}
              checked={chosen.includes(role.id)}
              onChange={(isChosen) => choose(role.id, isChosen)}
            />
          ))}
        </fieldset>
      )}
    </div>
  );
  if (!isPrivate) return { overrides: [], fields };
  const allowed = (type: ChannelOverride["type"], target_id: number) => ({ type, target_id, allow: view, deny: 0 });
  const overrides = [
    { type: "role" as const, target_id: server.everyone_role_id, allow: 0, deny: view },
    ...roles.filter(({ id }) => chosen.includes(id)).map(({ id }) => allowed("role", id)),
    // The owner sees every channel.
    ...(isOwner ? [] : [allowed("member", me.id)]),
  ];
  return { overrides, fields };
}
