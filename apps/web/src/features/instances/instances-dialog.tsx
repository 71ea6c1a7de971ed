import { ExternalLink, Trash2 } from "lucide-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { useClientState } from "../../core/client.ts";
import { Button } from "../../ui/button.tsx";
import { cx } from "../../ui/cx.ts";
import { Dialog } from "../../ui/dialog.tsx";
import { Field } from "../../ui/field.tsx";
import { IconButton } from "../../ui/icon-button.tsx";
import { initials } from "../../ui/initials.ts";
import { Input } from "../../ui/input.tsx";
import {
  instanceListLimits,
  originOf,
  readInstances,
  withInstance,
  writeInstances,
  type KnownInstance,
} from "./instance-list.ts";

/** The user's instances, noted in this browser: each opens at its own address, with its own login. */
export function InstancesDialog({ onClose }: { onClose: () => void }) {
  const { t } = useTranslation("instances");
  const name = useClientState((state) => state.instance?.name ?? "Miscord");
  const [instances, setInstances] = useState(readInstances);
  const change = (next: readonly KnownInstance[]) => {
    writeInstances(next);
    setInstances(next);
  };
  return (
    <Dialog open size="md" onOpenChange={onClose} title={t("title")} description={t("hint")}>
      <ul className="mb-5 flex flex-col gap-1">
        <Row instance={{ name, address: location.origin }} isHere />
        {instances
          .filter(({ address }) => address !== location.origin)
          .map((instance) => (
            <Row
              key={instance.address}
              instance={instance}
              onRemove={() => change(instances.filter((one) => one !== instance))}
            />
          ))}
      </ul>
      <AddForm onAdd={(added) => change(withInstance(instances, added))} />
    </Dialog>
  );
}

interface RowProps {
  instance: KnownInstance;
  isHere?: boolean;
  onRemove?: () => void;
}

function Row({ instance: { name, address }, isHere = false, onRemove }: RowProps) {
  const { t } = useTranslation("instances");
  const texts = (
    <>
      <span
        aria-hidden
        className="flex size-9 shrink-0 items-center justify-center rounded-lg bg-accent-soft text-sm font-semibold text-link"
      >
        {initials(name)}
      </span>
      <span className="min-w-0 flex-1">
        <span dir="auto" className="block truncate font-medium">
          {name}
        </span>
        <span dir="ltr" className="block truncate text-left text-sm text-faint">
          {isHere ? t("here") : address}
        </span>
      </span>
    </>
  );
  const row = "flex min-h-12 min-w-0 flex-1 items-center gap-3 rounded-md px-2";
  return (
    <li className="flex items-center gap-1">
      {isHere ? (
        <div className={row}>{texts}</div>
      ) : (
        <a href={address} target="_blank" rel="noopener noreferrer" className={cx(row, "hover:bg-hover")}>
          {texts}
          <ExternalLink size={16} aria-hidden className="shrink-0 text-faint" />
        </a>
      )}
      {onRemove && <IconButton label={t("remove", { name })} icon={<Trash2 size={17} />} onClick={onRemove} />}
    </li>
  );
}

function AddForm({ onAdd }: { onAdd: (instance: KnownInstance) => void }) {
  const { t } = useTranslation("instances");
  const [address, setAddress] = useState("");
  const [name, setName] = useState("");
  const [isWrong, setWrong] = useState(false);
  return (
    <form
      className="flex flex-col gap-3"
      onSubmit={(event) => {
        event.preventDefault();
        const origin = originOf(address);
        setWrong(origin === null);
        if (origin === null) return;
        onAdd({ address: origin, name: name.trim() || new URL(origin).host });
        setAddress("");
        setName("");
      }}
    >
      <Field label={t("address")} error={isWrong && t("wrong")}>
        <Input
          inputMode="url"
          autoComplete="off"
          placeholder="chat.example.org"
          maxLength={instanceListLimits.address}
          value={address}
          onChange={(event) => {
            setAddress(event.target.value);
            setWrong(false);
          }}
        />
      </Field>
      <Field label={t("name")}>
        <Input maxLength={instanceListLimits.name} value={name} onChange={(event) => setName(event.target.value)} />
      </Field>
      <Button type="submit" variant="primary" disabled={address.trim() === ""} className="self-start">
        {t("add")}
      </Button>
    </form>
  );
}
