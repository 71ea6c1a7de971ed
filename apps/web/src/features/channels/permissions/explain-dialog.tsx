import { serverChannel } from "@miscord/client";
import type { User } from "@miscord/protocol";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { useShallow } from "zustand/shallow";
import { useClientState } from "../../../core/client.ts";
import { useFindMembers } from "../../../core/find-members.ts";
import { Dialog } from "../../../ui/dialog.tsx";
import { Field } from "../../../ui/field.tsx";
import { Select } from "../../../ui/select.tsx";
import { PermissionExplanation } from "./explanation.tsx";
import { channelPermissionNames, serverPermissionNames } from "./permission-names.ts";

interface ExplainDialogProps {
  serverId: number;
  member: Pick<User, "id" | "display_name">;
  onClose: () => void;
}

/** What a member may do in the server, or in one of its channels, and why. */
export function ExplainDialog({ serverId, member, onClose }: ExplainDialogProps) {
  const { t } = useTranslation("rights");
  const [chosen, setChosen] = useState("");
  const channels = useClientState(
    useShallow((state) => (state.servers[serverId]?.channelIds ?? []).flatMap((id) => serverChannel(state, id) ?? [])),
  );
  const channel = channels.find(({ id }) => String(id) === chosen);
  return (
    <Dialog open size="md" onOpenChange={onClose} title={t("explain.title", { name: member.display_name })}>
      <Field label={t("explain.where")} className="mb-4">
        <Select
          value={channel ? chosen : "server"}
          onChange={setChosen}
          options={[
            { value: "server", label: t("explain.server") },
            ...channels.map(({ id, name }) => ({ value: String(id), label: name })),
          ]}
        />
      </Field>
      <PermissionExplanation
        serverId={serverId}
        userId={member.id}
        overrides={channel ? channel.overrides : null}
        names={channel ? channelPermissionNames(channel.type) : serverPermissionNames}
      />
    </Dialog>
  );
}

/** In the permissions of a channel: what the overrides, with unsaved changes, mean for a member. */
export function ExplainPanel({ channelId, overrides }: ExplainPanelProps) {
  const { t } = useTranslation("rights");
  const channel = useClientState((state) => serverChannel(state, channelId));
  const serverId = channel?.server_id ?? 0;
  const members = useClientState((state) => state.members[serverId]);
  const [chosen, setChosen] = useState("");
  useFindMembers([serverId], "");
  if (!channel || !members) return null;
  const sorted = Object.values(members).toSorted((a, b) => a.display_name.localeCompare(b.display_name));
  const member = sorted.find(({ id }) => String(id) === chosen) ?? sorted[0];
  if (!member) return null;
  return (
    <details className="mt-4 border-t border-line pt-3">
      <summary className="focus-inset cursor-pointer rounded-md py-1 text-sm font-medium">{t("explain.open")}</summary>
      <Field label={t("explain.member")} className="my-3">
        <Select
          value={String(member.id)}
          onChange={setChosen}
          options={sorted.map(({ id, display_name, username }) => ({
            value: String(id),
            label: `${display_name} (@${username})`,
          }))}
        />
      </Field>
      <PermissionExplanation
        serverId={serverId}
        userId={member.id}
        overrides={overrides}
        names={channelPermissionNames(channel.type)}
      />
    </details>
  );
}

interface ExplainPanelProps {
  channelId: number;
  overrides: Parameters<typeof PermissionExplanation>[0]["overrides"];
}
