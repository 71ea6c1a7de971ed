import { accessFacts, serverChannel } from "@miscord/client";
import { mayChangePermissions, permissionBits } from "@miscord/rights";
import { useEffect, useState } from "react";
import { useTranslation } from "react-i18next";
import { useShallow } from "zustand/shallow";
import { useClient, useClientState } from "../../../core/client.ts";
import { useFindMembers } from "../../../core/find-members.ts";
import { isOfServer, type ServerChannel } from "../../../core/rights-of.ts";
import { Dialog } from "../../../ui/dialog.tsx";
import { Field } from "../../../ui/field.tsx";
import { Select } from "../../../ui/select.tsx";
import { Switch } from "../../../ui/switch.tsx";
import { CategorySync } from "./category-sync.tsx";
import { ExplainPanel } from "./explain-dialog.tsx";
import {
  isSameTarget,
  overrideFor,
  stateOf,
  type Target,
  type ThreeState,
  withDrafts,
  withState,
} from "./override-draft.ts";
import { draftOverride, useOverrideDrafts } from "./override-drafts.ts";
import { channelPermissionNames, type ShownPermission } from "./permission-names.ts";
import { usePermissionSearch } from "./permission-search.tsx";
import { SaveOverrides } from "./save-overrides.tsx";
import { ThreeStateRow } from "./three-state.tsx";
import { type LabelledTarget, useTargets } from "./use-targets.ts";

export function ChannelPermissionsDialog({ channelId, onClose }: { channelId: number; onClose: () => void }) {
  const { t } = useTranslation("rights");
  const client = useClient();
  const channel = useClientState((state) => state.channels[channelId]);
  const serverId = channel?.server_id ?? 0;
  const overrides = channel?.overrides;
  useFindMembers([serverId], "");
  useEffect(() => {
    const members = overrides?.filter(({ type }) => type === "member") ?? [];
    client.knowMembers(
      serverId,
      members.map(({ target_id: id }) => id),
    );
  }, [client, serverId, overrides]);
  if (!isOfServer(channel)) return null;
  return (
    <Dialog
      open
      size="md"
      onOpenChange={onClose}
      title={t("channel.title", { channel: channel.name })}
      description={t(channel.type === "category" ? "channel.categoryDescription" : "channel.description")}
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
  const targets = useTargets(channel);
  const [everyone] = targets;
  const [chosenKey, setChosenKey] = useState("");
  const target = targets.find((one) => keyOf(one) === chosenKey) ?? everyone;
  const facts = useClientState(useShallow((state) => accessFacts(state, channel.server_id, channel.id)));
  const shown = (of: Target, name: ShownPermission) => stateOf(overrideFor(overrides, of), permissionBits[name]);
  const set = (of: Target, name: ShownPermission, state: ThreeState) => {
    const draft = drafts.find((one) => isSameTarget(one, of));
    const change = { bit: permissionBits[name], state };
    draftOverride(channel.id, withState(overrideFor(channel.overrides, of), draft, change));
  };
  const { found, field } = usePermissionSearch(channelPermissionNames(channel.type));
  const category = useClientState((state) => serverChannel(state, channel.category_id ?? 0));
  const mayChange = ({ isOpen }: LabelledTarget, name: ShownPermission) =>
    isOpen && facts !== null && mayChangePermissions(facts, 0, permissionBits[name]);
  return (
    <>
      {category && <CategorySync channel={channel} category={category} overrides={overrides} />}
      <Switch
        label={t("channel.private")}
        hint={t("channel.privateHint")}
        disabled={!mayChange(everyone, "viewChannel")}
        checked={shown(everyone, "viewChannel") === "deny"}
        onChange={(isPrivate) => set(everyone, "viewChannel", isPrivate ? "deny" : "inherit")}
      />
      <Field label={t("channel.for")} className="mb-4 mt-3">
        <Select
          value={keyOf(target)}
          onChange={setChosenKey}
          options={targets
            .filter((one) => one.isOpen || one === everyone)
            .map((one) => ({
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
          value={shown(target, name)}
          disabled={!mayChange(target, name)}
          onChange={(state) => set(target, name, state)}
        />
      ))}
      <ExplainPanel channelId={channel.id} overrides={overrides} />
    </>
  );
}

function keyOf({ type, target_id }: Target): string {
  return `${type} ${target_id}`;
}
