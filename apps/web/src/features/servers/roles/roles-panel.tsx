import { ArrowDown, ArrowUp, Plus } from "lucide-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import type { Role } from "@miscord/protocol";
import { useShallow } from "zustand/shallow";
import { useClient, useClientState } from "../../../core/client.ts";
import { useAction } from "../../../core/use-action.ts";
import { untilState } from "../../../core/until-state.ts";
import { Button } from "../../../ui/button.tsx";
import { cx } from "../../../ui/cx.ts";
import { IconButton } from "../../../ui/icon-button.tsx";
import { useDragOrder } from "../../channels/use-drag-order.ts";
import { RoleColor } from "../../members/role-color.tsx";
import { RoleEditor } from "./role-editor.tsx";
import { useManages } from "./use-manages.ts";

/** The server's roles, the highest first, and the editor of the one that is chosen. */
export function RolesPanel({ serverId }: { serverId: number }) {
  const [editedId, setEditedId] = useState<number | null>(null);
  const isThere = useClientState((state) => state.servers[serverId]?.roles.some(({ id }) => id === editedId) ?? false);
  if (editedId !== null && isThere) {
    return <RoleEditor key={editedId} serverId={serverId} roleId={editedId} onBack={() => setEditedId(null)} />;
  }
  return <RoleList serverId={serverId} onEdit={setEditedId} />;
}

function RoleList({ serverId, onEdit }: { serverId: number; onEdit: (roleId: number) => void }) {
  const { t } = useTranslation("rights");
  const client = useClient();
  const { busy, run } = useAction();
  const roles = useClientState(useShallow((state) => state.servers[serverId]?.roles.toReversed() ?? []));
  const mayManage = useManages(serverId);
  const canMove = (from: number, to: number) => {
    const [role, place] = [roles[from], roles[to]];
    return role !== undefined && place !== undefined && place.position > 0 && mayManage(role) && mayManage(place);
  };
  const move = (from: number, to: number) => {
    if (canMove(from, to)) void run(() => client.rest.updateRole(roles[from]!.id, { position: roles[to]!.position }));
  };
  const { drag, listProps } = useDragOrder(move, true);
  async function create(): Promise<void> {
    await run(async () => {
      const { id } = await client.rest.createRole(serverId, { name: t("roles.newName") });
      await untilState(client, (state) => state.servers[serverId]?.roles.some((role) => role.id === id) ?? false);
      onEdit(id);
    });
  }
  return (
    <section>
      <h3 className="text-lg font-semibold">{t("roles.title")}</h3>
      <p className="mb-3 mt-1 text-sm text-muted">{t("roles.description")}</p>
      <Button icon={<Plus size={16} aria-hidden />} busy={busy} onClick={() => void create()}>
        {t("roles.create")}
      </Button>
      <ul {...listProps} aria-label={t("roles.list")} className="mt-3 flex flex-col gap-px">
        {roles.map((role, index) => (
          <RoleRow
            key={role.id}
            role={role}
            className={cx(
              drag?.from === index && "opacity-40",
              drag?.gap === index &&
                "before:absolute before:inset-x-1 before:-top-0.5 before:h-0.5 before:rounded-full before:bg-mark",
            )}
            onEdit={() => onEdit(role.id)}
            onMoveUp={!busy && canMove(index, index - 1) ? () => move(index, index - 1) : null}
            onMoveDown={!busy && canMove(index, index + 1) ? () => move(index, index + 1) : null}
          />
        ))}
      </ul>
    </section>
  );
}

interface RoleRowProps {
  role: Role;
  className: string;
  onEdit: () => void;
  /** Null when the role cannot be moved there. */
  onMoveUp: (() => void) | null;
  onMoveDown: (() => void) | null;
}

function RoleRow({ role, className, onEdit, onMoveUp, onMoveDown }: RoleRowProps) {
  const { t } = useTranslation("rights");
  const name = nameOf(role, t("roles.everyone"));
  return (
    <li data-row className={cx("relative flex items-center gap-1", className)}>
      <button
        type="button"
        aria-label={t("roles.edit", { role: name })}
        onClick={onEdit}
        className="focus-inset flex h-11 min-w-0 flex-1 items-center gap-3 rounded-md px-2 text-left hover:bg-hover"
      >
        <RoleColor color={role.color} />
        <span className="truncate font-medium">{name}</span>
      </button>
      {role.position > 0 && (
        <>
          <IconButton
            size="sm"
            label={t("roles.moveUp", { role: name })}
            icon={<ArrowUp size={16} />}
            disabled={onMoveUp === null}
            onClick={() => onMoveUp?.()}
          />
          <IconButton
            size="sm"
            label={t("roles.moveDown", { role: name })}
            icon={<ArrowDown size={16} />}
            disabled={onMoveDown === null}
            onClick={() => onMoveDown?.()}
          />
        </>
      )}
    </li>
  );
}

function nameOf(role: Role, everyone: string): string {
  return role.position === 0 ? everyone : role.name;
}
