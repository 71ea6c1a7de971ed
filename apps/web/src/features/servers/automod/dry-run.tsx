import { automodCalls } from "@miscord/client";
import type { AutomodHit, AutomodRuleFields } from "@miscord/protocol";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { useClient, useClientState } from "../../../core/client.ts";
import { useAction } from "../../../core/use-action.ts";
import { useFormat } from "../../../i18n/format.ts";
import { Button } from "../../../ui/button.tsx";
import { excerptOf } from "../../search/excerpt.ts";
import { tidy } from "./presets.ts";

interface Found {
  readonly hits: readonly AutomodHit[];
  readonly checked: number;
  readonly cursor: string | null;
}

interface DryRunProps {
  serverId: number;
  rule: AutomodRuleFields;
  disabled: boolean;
}

/** Which of last week's messages would have met the rule as it is now, page by page. */
export function DryRun({ serverId, rule, disabled }: DryRunProps) {
  const { t } = useTranslation("automod");
  const client = useClient();
  const { busy, run } = useAction();
  const [found, setFound] = useState<Found | null>(null);
  async function look(before: Found | null): Promise<void> {
    await run(async () => {
      const page = await automodCalls(client.rest).dryRun(serverId, tidy(rule), before?.cursor ?? undefined);
      setFound({
        hits: [...(before?.hits ?? []), ...page.hits],
        checked: (before?.checked ?? 0) + page.checked,
        cursor: page.cursor,
      });
    });
  }
  return (
    <section className="flex flex-col gap-3">
      <h4 className="font-semibold">{t("dryRun.title")}</h4>
      <p className="text-sm text-muted">{t("dryRun.description")}</p>
      <div>
        <Button busy={busy} disabled={disabled} onClick={() => void look(null)}>
          {t("dryRun.run")}
        </Button>
      </div>
      {found && (
        <>
          <p role="status" className="text-sm text-muted">
            {found.hits.length === 0 ? t("dryRun.none") : t("dryRun.found", { count: found.hits.length })}{" "}
            {t("dryRun.checked", { count: found.checked })} {found.cursor === null && t("dryRun.done")}
          </p>
          <ul aria-label={t("dryRun.title")} className="flex flex-col gap-2">
            {found.hits.map((hit) => (
              <HitItem key={hit.message.id} hit={hit} />
            ))}
          </ul>
          {found.cursor !== null && (
            <div>
              <Button size="sm" busy={busy} disabled={disabled} onClick={() => void look(found)}>
                {t("dryRun.more")}
              </Button>
            </div>
          )}
        </>
      )}
    </section>
  );
}

function HitItem({ hit: { message, match } }: { hit: AutomodHit }) {
  const format = useFormat();
  const channel = useClientState((state) => state.channels[message.channel_id]?.name ?? "");
  return (
    <li className="rounded-md border border-line px-3 py-2 text-sm">
      <p className="flex flex-wrap gap-x-2 text-muted">
        <span dir="auto" className="font-medium text-ink">
          {message.author.display_name}
        </span>
        <span>#{channel}</span>
        <time dateTime={message.timestamp}>{format.dateTime(message.timestamp)}</time>
      </p>
      <p dir="auto" className="line-clamp-5 wrap-break-word whitespace-pre-line">
        {excerptOf(message.content, match ? [match] : []).map(({ text, isMarked, start }) =>
          isMarked ? (
            <mark key={start} className="rounded-xs bg-accent-soft px-0.5 font-semibold text-ink">
              {text}
            </mark>
          ) : (
            text
          ),
        )}
      </p>
    </li>
  );
}
