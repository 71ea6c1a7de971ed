import { importLosses, importMade, type ImportLoss, type ImportMade, type ImportReport } from "@miscord/protocol";
import { Download } from "lucide-react";
import { useTranslation } from "react-i18next";
import { useFormat } from "../../../i18n/format.ts";
import { Button } from "../../../ui/button.tsx";

interface ReportViewProps {
  report: ImportReport;
  /** Of the server, for the name of the file. */
  name: string;
  /** It is not the last word. */
  isPreview?: boolean;
}

const isMade = (what: string): what is ImportMade => (importMade as readonly string[]).includes(what);
const isLoss = (what: string): what is ImportLoss => (importLosses as readonly string[]).includes(what);

/** What an import made, or would make, and what has no place here. */
export function ReportView({ report, name, isPreview = false }: ReportViewProps) {
  const { t } = useTranslation("imports");
  const texts = useReportTexts();
  if (report.made.length + report.lost.length === 0) return <p className="mb-3 text-sm text-muted">{t("nothing")}</p>;
  return (
    <section aria-label={t("report")} className="mb-4 rounded-lg border border-line">
      {report.made.length > 0 && (
        <dl className="grid grid-cols-1 gap-x-8 px-3.5 py-2.5 sm:grid-cols-2">
          {report.made.map(({ what, count }) => (
            <div key={what} className="flex justify-between gap-3 py-0.5 text-sm">
              <dt className="text-muted">{texts.made(what)}</dt>
              <dd className="font-medium tabular-nums">{texts.amount(what, count)}</dd>
            </div>
          ))}
        </dl>
      )}
      {report.lost.length > 0 && (
        <div className="border-t border-line px-3.5 py-2.5 first:border-t-0">
          <h5 className="text-sm font-medium">{t(isPreview ? "noPlace" : "leftOut")}</h5>
          <ul className="mt-1 text-sm">
            {report.lost.map(({ what, count, examples }) => (
              <li key={what} className="py-0.5">
                <p className="flex justify-between gap-3">
                  <span className="min-w-0 text-muted wrap-break-word">{texts.lost(what)}</span>
                  <span className="font-medium tabular-nums">{texts.amount(what, count)}</span>
                </p>
                {examples.length > 0 && (
                  <p className="text-faint wrap-anywhere line-clamp-2">
                    {examples.map((example, place) => (
                      // oxlint-disable-next-line react/no-array-index-key -- examples of a report never change
                      <bdi key={place} className="me-2">
                        {example}
                      </bdi>
                    ))}
                  </p>
                )}
              </li>
            ))}
          </ul>
        </div>
      )}
      {!isPreview && (
        <div className="border-t border-line px-2 py-1.5">
          <Button
            size="sm"
            variant="ghost"
            icon={<Download size={16} aria-hidden />}
            onClick={() => save(texts.whole(report), name)}
          >
            {t("download")}
          </Button>
        </div>
      )}
    </section>
  );
}

/** Words of kinds that this client knows; a later server may have more. */
function useReportTexts() {
  const { t } = useTranslation("imports");
  const format = useFormat();
  const made = (what: string) => (isMade(what) ? t(`made.${what}`) : what);
  const lost = (what: string) => (isLoss(what) ? t(`lost.${what}`) : what);
  const amount = (what: string, count: number) =>
    what === "fileBytes" ? format.fileSize(count) : format.number(count);
  const whole = (report: ImportReport) =>
    [
      ...report.made.map(({ what, count }) => `${made(what)}: ${amount(what, count)}`),
      ...(report.lost.length > 0 ? ["", `${t("leftOut")}:`] : []),
      ...report.lost.flatMap(({ what, count, examples }) => [
        `${lost(what)}: ${count}`,
        ...examples.map((example) => `    ${example}`),
      ]),
      "",
    ].join("\n");
  return { made, lost, amount, whole };
}

function save(text: string, name: string): void {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(new Blob([text], { type: "text/plain" }));
  link.download = `${name.replaceAll(/[^\p{L}\p{N} _-]/gu, "").trim() || "import"}.txt`;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href));
}
