import { accessFacts } from "@miscord/client";
import type { ChannelOverride } from "@miscord/protocol";
import { includes, mayChangePermissions, permissionBits, union, without } from "@miscord/rights";
import { useEffect, useState } from "react";
import { useTranslation } from "react-i18next";
import { useShallow } from "zustand/shallow";
import { useClient, useClientState } from "../../../core/client.ts";
import { isOfServer, type ServerChannel } from "../../../core/rights-of.ts";
import { Dialog } from "../../../ui/dialog.tsx";
import { Field } from "../../../ui/field.tsx";
import { Select } from "../../../ui/select.tsx";
import { Switch } from "../../../ui/switch.tsx";
import { draftOverride, isSameTarget, useOverrideDrafts, withDrafts } from "./override-drafts.ts";
import { channelPermissionNames, type ShownPermission } from "./permission-names.ts";
import { usePermissionSearch } from "./permission-search.tsx";
import { SaveOverrides } from "./save-overrides.tsx";
import { type ThreeState, ThreeStateRow } from "./three-state.tsx";

export function ChannelPermissionsDialog({ channelId, onClose }: { channelId: number; onClose: () => void }) {
  const { t } = useTranslation("rights");
  const client = useClient();
  const channel = useClientState((state) => state.channels[channelId]);
  const serverId = channel?.server_id ?? 0;
  useEffect(() => {
    client.loadMembers(serverId).catch(() => {});
  }, [client, serverId]);
  if (!isOfServer(channel)) return null;
  return (
    <Dialog
      open
      size="md"
      onOpenChange={onClose}
      title={t("channel.title", { channel: channel.name })}
      description={t("channel.description")}
      footer={<SaveOverrides channel={channel} />}
    >
      <Editor channel={channel} />
    </Dialog>
  );
}

function Editor({ channel }: { channel: ServerChannel }) {
  const { t } = useTranslation("rights");
  const drafts = useOverrideDrafts(channel.id);
  const overrides = withDrafts(channel, drafts);
  const everyoneId = useClientState((state) => state.servers[channel.server_id]?.everyone_role_id ?? 0);
  const everyone = { type: "role", target_id: everyoneId } as const;
  const [target, setTarget] = useState<Target>(everyone);
  const targets = useTargets(channel.server_id);
  const facts = useClientState(useShallow((state) => accessFacts(state, channel.server_id, channel.id)));
  const overrideOf = (of: Target) => overrides.find((one) => isSameTarget(one, of)) ?? { ...of, allow: 0, deny: 0 };
  const set = (override: ChannelOverride, name: ShownPermission, state: ThreeState) => {
    const bit = permissionBits[name];
    const allow = state === "allow" ? union(override.allow, bit) : without(override.allow, bit);
    const deny = state === "deny" ? union(override.deny, bit) : without(override.deny, bit);
    draftOverride(channel.id, { ...override, allow, deny });
  };
  const { found, field } = usePermissionSearch(channelPermissionNames(channel.type));
  const current = overrideOf(target);
  const mayChange = (name: ShownPermission) => facts !== null && mayChangePermissions(facts, 0, permissionBits[name]);
  return (
    <>
      <Switch
        label={t("channel.private")}
        hint={t("channel.privateHint")}
        disabled={!mayChange("viewChannel")}
        checked={stateOf(overrideOf(everyone), "viewChannel") === "deny"}
        onChange={(isPrivate) => set(overrideOf(everyone), "viewChannel", isPrivate ? "deny" : "inherit")}
      />
      <Field label={t("channel.for")} className="mb-4 mt-3">
        <Select
          value={keyOf(target)}
          onChange={(key) => setTarget(targets.find((one) => keyOf(one) === key) ?? everyone)}
          options={targets.map((one) => ({
            value: keyOf(one),
            label: `${one.label}${overrides.some((override) => isSameTarget(override, one)) ? " ·" : ""}`,
          }))}
        />
      </Field>
      {field}
      {found.length === 0 && <p className="py-2 text-sm text-faint">{t("roles.nothingFound")}</p>}
      {found.map((name) => (
        <ThreeStateRow
          key={name}
          label={t(`permission.${name}.label`)}
          hint={t(`permission.${name}.hint`)}
          value={stateOf(current, name)}
          disabled={!mayChange(name)}
          onChange={(state) => set(current, name, state)}
        />
      ))}
    </>
  );
}

type Target = Pick<ChannelOverride, "type" | "target_id">;

function keyOf({ type, target_id }: Target): string {
  return `${type} ${target_id}`;
}

function stateOf({ allow, deny }: ChannelOverride, name: ShownPermission): ThreeState {
  if (includes(allow, permissionBits[name])) return "allow";
  return includes(deny, permissionBits[name]) ? "deny" : "inherit";
}

/** Everyone, the other roles from the highest, and the members by name. */
function useTargets(serverId: number): (Target & { label: string })[] {
  const { t } = useTranslation("rights");
  const server = useClientState((state) => state.servers[serverId]);
  const members = useClientState((state) => state.members[serverId]);
  const roles = server?.roles ?? [];
  return [
    { type: "role", target_id: server?.everyone_role_id ?? 0, label: t("roles.everyone") },
    ...roles
      .filter(({ position }) => position > 0)
      .toReversed()
      .map(({ id, name }) => ({ type: "role" as const, target_id: id, label: name })),
    ...Object.values(members ?? {})
      .filter(({ is_owner }) => !is_owner)
      .toSorted((a, b) => a.display_name.localeCompare(b.display_name))
      .map(({ id, display_name, username }) => ({
        type: "member" as const,
        target_id: id,
        label: `${display_name} (@${username})`,
      })),
  ];
}
