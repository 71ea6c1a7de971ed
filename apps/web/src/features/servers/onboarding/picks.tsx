import { accessFacts, type ClientState } from "@miscord/client";
import { limits, type Role } from "@miscord/protocol";
import { checkManageRole, mayBeOffered, mayChangePermissions } from "@miscord/rights";
import { Plus, X } from "lucide-react";
import { useTranslation } from "react-i18next";
import { useShallow } from "zustand/shallow";
import { useClientState } from "../../../core/client.ts";
import { useRoles } from "../../../core/use-roles.ts";
import { Button } from "../../../ui/button.tsx";
import { IconButton } from "../../../ui/icon-button.tsx";
import { Menu } from "../../../ui/menu.tsx";

interface PicksProps {
  serverId: number;
  label: string;
  ids: readonly number[];
  onChange: (ids: number[]) => void;
}

/** Channels of the server that members open. */
export function ChannelPicks({ serverId, ...picks }: PicksProps) {
  const channels = useClientState(
    useShallow(({ servers, channels: all }) =>
      (servers[serverId]?.channelIds ?? []).flatMap((id) => (all[id] && all[id].type !== "category" ? [all[id]] : [])),
    ),
  );
  const options = channels.map(({ id, name, type }) => ({ id, name: type === "text" ? `#${name}` : name }));
  return <Picks {...picks} options={options} known={options} most={limits.onboardingChannels} />;
}

/** Roles that the user may give, and that members may give to themselves. */
export function RolePicks({ serverId, ...picks }: PicksProps) {
  const { t } = useTranslation("onboarding");
  const roles = useRoles(serverId);
  const facts = useClientState(useShallow((state) => accessFacts(state, serverId)));
  const powerful = useClientState(useShallow((state) => powerfulIn(state, serverId, roles)));
  const isGivable = ({ id, position, permissions }: Role) =>
    facts !== null &&
    checkManageRole(facts, position) === "allowed" &&
    mayChangePermissions(facts, 0, permissions) &&
    !powerful.includes(id);
  const known = roles.map(({ id, name }) => ({
    id,
    name,
    ...(powerful.includes(id) && { warning: t("edit.powerful") }),
  }));
  return <Picks {...picks} options={roles.filter(isGivable)} known={known} most={limits.onboardingRoles} />;
}

/** Ids of roles that no onboarding gives. */
function powerfulIn({ servers, channels }: ClientState, serverId: number, roles: readonly Role[]): number[] {
  const overrides = (servers[serverId]?.channelIds ?? []).flatMap((id) => channels[id]?.overrides ?? []);
  const allowedTo = (roleId: number) =>
    overrides.filter(({ type, target_id }) => type === "role" && target_id === roleId).map(({ allow }) => allow);
  return roles.filter(({ id, permissions }) => !mayBeOffered(permissions, allowedTo(id))).map(({ id }) => id);
}

interface Option {
  id: number;
  name: string;
  /** Shown beside what was picked. */
  warning?: string;
}

interface ChoiceProps extends Omit<PicksProps, "serverId"> {
  /** What can be added. */
  options: readonly Option[];
  /** What is known by name; others are not shown. */
  known: readonly Option[];
  most: number;
}

function Picks({ label, ids, onChange, options, known, most }: ChoiceProps) {
  const { t } = useTranslation("onboarding");
  const picked = ids.flatMap((id) => known.find((one) => one.id === id) ?? []);
  const left = options.filter(({ id }) => !ids.includes(id));
  return (
    <div className="flex flex-wrap items-center gap-1.5">
      <span className="text-sm text-muted">{label}</span>
      {picked.map(({ id, name, warning }) => (
        <span key={id} className="flex max-w-full items-center gap-1 rounded-sm bg-active pl-2 text-sm">
          <span className="min-w-0 truncate">{name}</span>
          {warning && <span className="text-xs text-danger">{warning}</span>}
          <IconButton
            size="xs"
            label={t("edit.remove", { name })}
            icon={<X size={14} />}
            onClick={() => onChange(ids.filter((one) => one !== id))}
          />
        </span>
      ))}
      {left.length > 0 && ids.length < most && (
        <Menu
          trigger={
            <Button
              size="sm"
              variant="ghost"
              icon={<Plus size={14} aria-hidden />}
              aria-label={`${label} ${t("edit.add")}`}
            >
              {t("edit.add")}
            </Button>
          }
          entries={left.map(({ id, name }) => ({ label: name, onSelect: () => onChange([...ids, id]) }))}
        />
      )}
      {picked.length === 0 && left.length === 0 && <span className="text-sm text-faint">{t("edit.nothing")}</span>}
    </div>
  );
}
