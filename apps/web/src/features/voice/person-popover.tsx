import { lazy, type ReactElement } from "react";
import { useTranslation } from "react-i18next";
import { LazyPart } from "../../core/lazy-part.tsx";
import { Popover } from "../../ui/popover.tsx";
import { Skeleton } from "../../ui/skeleton.tsx";
import type { Person } from "./person-volume.tsx";

const PersonVolume = lazy(async () => ({ default: (await import("./person-volume.tsx")).PersonVolume }));

export function PersonPopover({ person, trigger }: { person: Person; trigger: ReactElement }) {
  const { t } = useTranslation("voice");
  return (
    <Popover trigger={trigger} label={t("stage.options", { name: person.display_name })} side="right" className="w-64">
      <LazyPart loading={<Skeleton className="m-3.5 h-26" />}>
        <PersonVolume person={person} />
      </LazyPart>
    </Popover>
  );
}
