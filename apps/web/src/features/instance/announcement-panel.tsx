import { instanceLimits, type Announcement } from "@miscord/protocol";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { useClient, useClientState } from "../../core/client.ts";
import { useAction } from "../../core/use-action.ts";
import { useFormat } from "../../i18n/format.ts";
import { PanelSection } from "../../layout/panel-section.tsx";
import { AlertBanner } from "../../ui/alert-banner.tsx";
import { Button } from "../../ui/button.tsx";
import { Field } from "../../ui/field.tsx";
import { Input } from "../../ui/input.tsx";
import { Select } from "../../ui/select.tsx";

const ends = { never: null, hour: 3_600, day: 86_400, week: 604_800 } as const;
type End = keyof typeof ends;
const endNames = Object.keys(ends) as End[];

/** What everybody is told now, and a field to tell something else. */
export function AnnouncementPanel() {
  const { t } = useTranslation("instance");
  const { rest } = useClient();
  const current = useClientState((state) => state.announcement);
  const { busy, run } = useAction();
  const [text, setText] = useState("");
  const [end, setEnd] = useState<End>("never");
  const tell = async () => {
    const body = { text: text.trim(), expires_in: ends[end] };
    if (await run(() => rest.call<Announcement>("PUT", "/api/instance/announcement", { body }))) setText("");
  };
  return (
    <PanelSection title={t("announcement.title")} hint={t("announcement.hint")}>
      <Current announcement={current} />
      <form
        className="flex flex-col gap-4"
        onSubmit={(event) => {
          event.preventDefault();
          void tell();
        }}
      >
        <Field label={t("announcement.text")}>
          <Input
            value={text}
            maxLength={instanceLimits.announcementLength}
            onChange={(event) => setText(event.target.value)}
          />
        </Field>
        <Field label={t("announcement.end")} className="max-w-64">
          <Select
            value={end}
            onChange={setEnd}
            options={endNames.map((value) => ({ value, label: t(`announcement.ends.${value}`) }))}
          />
        </Field>
        <Button type="submit" variant="primary" busy={busy} disabled={text.trim() === ""} className="self-start">
          {t(current ? "announcement.replace" : "announcement.tell")}
        </Button>
      </form>
    </PanelSection>
  );
}

function Current({ announcement }: { announcement: Announcement | null }) {
  const { t } = useTranslation("instance");
  const { rest } = useClient();
  const format = useFormat();
  const { busy, run } = useAction();
  if (!announcement) return <p className="mb-4 text-sm text-faint">{t("announcement.none")}</p>;
  const { text, ends_at: endsAt } = announcement;
  return (
    <AlertBanner
      className="mb-4"
      action={
        <Button size="sm" busy={busy} onClick={() => void run(() => rest.call("DELETE", "/api/instance/announcement"))}>
          {t("announcement.takeBack")}
        </Button>
      }
    >
      <span dir="auto">{text}</span>
      {endsAt && (
        <span className="block text-sm text-muted">{t("announcement.until", { when: format.dateTime(endsAt) })}</span>
      )}
    </AlertBanner>
  );
}
