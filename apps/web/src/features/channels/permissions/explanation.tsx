import { heldUntil, isTimedOut, lacksFactor, memberRights } from "@miscord/client";
import type { ChannelOverride } from "@miscord/protocol";
import { type DecidingStep, explain } from "@miscord/rights";
import { Check, X } from "lucide-react";
import { useTranslation } from "react-i18next";
import { useClientState, useMe } from "../../../core/client.ts";
import { useFormat } from "../../../i18n/format.ts";
import type { ShownPermission } from "./permission-names.ts";

interface ExplanationProps {
  serverId: number;
  userId: number;
  /** Null: in the server. */
  overrides: readonly ChannelOverride[] | null;
  names: readonly ShownPermission[];
}

/** What a member may do, and which role or override decided so. */
export function PermissionExplanation({ serverId, userId, overrides, names }: ExplanationProps) {
  const { t } = useTranslation("rights");
  const server = useClientState((state) => state.servers[serverId]);
  const member = useClientState((state) => state.members[serverId]?.[userId]);
  const describe = useDescribeStep(serverId);
  const me = useMe();
  if (!server || !member) return null;
  const held = heldUntil({ ...member, raid_mode: server.raid_mode });
  const rights = {
    ...memberRights(server, userId, member.role_ids),
    isTimedOut: isTimedOut({ timed_out_until: held }),
    // Whether others have a second factor is theirs to know.
    lacksFactor: me.id === userId && lacksFactor(server, me),
  };
  return (
    <ul className="flex flex-col gap-2">
      {names.map((name) => {
        const { isAllowed, step } = explain(rights, overrides, name);
        const Icon = isAllowed ? Check : X;
        return (
          <li key={name} className="flex gap-2.5">
            <Icon
              size={16}
              role="img"
              aria-label={isAllowed ? t("explain.allowed") : t("explain.denied")}
              className={`mt-0.5 shrink-0 ${isAllowed ? "text-success-ink" : "text-danger-ink"}`}
            />
            <div className="min-w-0">
              <p className="text-sm">{t(`permission.${name}.label`)}</p>
              <p className="text-xs text-muted wrap-break-word">{describe(step, isAllowed)}</p>
            </div>
          </li>
        );
      })}
    </ul>
  );
}

function useDescribeStep(serverId: number): (step: DecidingStep, isAllowed: boolean) => string {
  const { t } = useTranslation("rights");
  const format = useFormat();
  const server = useClientState((state) => state.servers[serverId]);
  const namesOf = (ids: readonly number[]) =>
    format.list(
      ids.map((id) =>
        id === server?.everyone_role_id
          ? t("roles.everyone")
          : (server?.roles.find((role) => role.id === id)?.name ?? String(id)),
      ),
    );
  return function describe(step, isAllowed): string {
    switch (step.kind) {
      case "owner":
        return t("explain.owner");
      case "administrator":
        return t("explain.administrator", { roles: namesOf(step.roleIds) });
      case "factor":
        return t("explain.factor");
      case "timeOut":
        return t("explain.timeOut");
      case "unseen":
        return t("explain.unseen", { reason: describe(step.because, false) });
      case "roles":
        return step.roleIds.length > 0 ? t("explain.roles", { roles: namesOf(step.roleIds) }) : t("explain.nothing");
      case "override":
        if (step.type === "member") return isAllowed ? t("explain.memberAllow") : t("explain.memberDeny");
        return t(isAllowed ? "explain.roleAllow" : "explain.roleDeny", { roles: namesOf(step.targetIds) });
    }
  };
}
