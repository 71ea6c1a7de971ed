import type { Application, ApplicationPage } from "@miscord/protocol";
import { useCallback, useState } from "react";
import { useTranslation } from "react-i18next";
import { useClient } from "../../core/client.ts";
import { useAction } from "../../core/use-action.ts";
import { useFormat } from "../../i18n/format.ts";
import { Avatar } from "../../ui/avatar.tsx";
import { Button } from "../../ui/button.tsx";
import { Field } from "../../ui/field.tsx";
import { Select } from "../../ui/select.tsx";
import { PagedList } from "./paged-list.tsx";
import { RefuseDialog } from "./refuse-dialog.tsx";
import { usePages } from "./use-pages.ts";

const states = ["waiting", "refused"] as const;
type State = (typeof states)[number];

/** People who wait for an account, the first who came first; or those who were refused. */
export function ApplicationsPanel() {
  const { t } = useTranslation("instance");
  const { rest } = useClient();
  const [state, setState] = useState<State>("waiting");
  const load = useCallback(
    async (last?: Application) => {
      const query = { state, after: last?.user.id };
      const { applications, has_more } = await rest.call<ApplicationPage>("GET", "/api/instance/applications", {
        query,
      });
      return { items: applications, has_more };
    },
    [rest, state],
  );
  const pages = usePages(load);
  return (
    <PagedList
      title={t("applications.title")}
      pages={pages}
      empty={t(`applications.none.${state}`)}
      toolbar={
        <Field label={t("applications.show")} className="mb-2 max-w-64">
          <Select
            value={state}
            onChange={setState}
            options={states.map((value) => ({ value, label: t(`applications.states.${value}`) }))}
          />
        </Field>
      }
      keyOf={({ user }) => user.id}
      renderItem={(application) => (
        <ApplicationItem application={application} isWaiting={state === "waiting"} onDecided={pages.reload} />
      )}
    />
  );
}

interface ApplicationItemProps {
  application: Application;
  isWaiting: boolean;
  onDecided: () => void;
}

function ApplicationItem({ application, isWaiting, onDecided }: ApplicationItemProps) {
  const { t } = useTranslation("instance");
  const format = useFormat();
  const { rest } = useClient();
  const { busy, run } = useAction();
  const [isRefusing, setRefusing] = useState(false);
  const { user, email, reason, note, created_at: since } = application;
  const name = user.display_name;
  const decide = async (body: { decision: "accept" | "refuse"; note?: string }) => {
    // Somebody else may have decided meanwhile: the list is then another one too.
    const decided = await run(() => rest.call("PUT", `/api/instance/applications/${user.id}`, { body }));
    onDecided();
    return decided;
  };
  return (
    <article aria-label={name} className="flex min-w-0 flex-1 flex-wrap items-start gap-x-3 gap-y-2">
      <Avatar user={user} ground="overlay" />
      <div className="min-w-0 flex-1 basis-56">
        <p className="truncate text-sm font-medium">
          <bdi>{name}</bdi> <span className="font-normal text-faint">@{user.username}</span>
        </p>
        <p className="text-sm text-faint wrap-break-word">
          {email && `${email} · `}
          <time dateTime={since}>{format.dateTime(since)}</time>
        </p>
        <p dir="auto" className="mt-1 text-sm whitespace-pre-wrap wrap-break-word">
          {reason}
        </p>
        {note && (
          <p dir="auto" className="mt-1 text-sm text-muted wrap-break-word">
            {t("applications.told", { note })}
          </p>
        )}
      </div>
      <div className="flex flex-wrap gap-2">
        <Button
          size="sm"
          variant="primary"
          busy={busy}
          onClick={() => void decide({ decision: "accept" })}
          aria-label={t("applications.acceptOf", { name })}
        >
          {t("applications.accept")}
        </Button>
        {isWaiting && (
          <Button size="sm" onClick={() => setRefusing(true)} aria-label={t("applications.refuseOf", { name })}>
            {t("applications.refuse")}
          </Button>
        )}
      </div>
      {isRefusing && (
        <RefuseDialog
          name={name}
          onClose={() => setRefusing(false)}
          onRefuse={(words) => decide({ decision: "refuse", note: words })}
        />
      )}
    </article>
  );
}
