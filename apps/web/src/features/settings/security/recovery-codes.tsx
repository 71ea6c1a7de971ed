import { Copy, Download } from "lucide-react";
import { useTranslation } from "react-i18next";
import { useClientState, useMe } from "../../../core/client.ts";
import { useCopy } from "../../../core/use-copy.ts";
import { Button } from "../../../ui/button.tsx";

/** New recovery codes, to copy or to keep as a file. */
export function RecoveryCodes({ codes }: { codes: readonly string[] }) {
  const { t } = useTranslation("security");
  const copy = useCopy();
  const { username } = useMe();
  const instance = useClientState((state) => state.instance?.name ?? "Miscord");
  const text = `${t("codes.fileHeading", { username, instance })}\n\n${codes.join("\n")}\n`;
  return (
    <>
      <ul
        aria-label={t("codes.list")}
        className="grid grid-cols-1 gap-x-6 gap-y-1.5 rounded-md border border-line bg-field p-4 font-mono text-sm sm:grid-cols-2"
      >
        {codes.map((code) => (
          <li key={code} className="select-all">
            {code}
          </li>
        ))}
      </ul>
      <div className="mt-3 flex flex-wrap gap-2">
        <Button icon={<Copy size={16} aria-hidden />} onClick={() => void copy(text)}>
          {t("codes.copy")}
        </Button>
        <Button icon={<Download size={16} aria-hidden />} onClick={() => save(text, `miscord-${username}.txt`)}>
          {t("codes.download")}
        </Button>
      </div>
    </>
  );
}

function save(text: string, filename: string): void {
  const url = URL.createObjectURL(new Blob([text], { type: "text/plain" }));
  const link = document.createElement("a");
  link.href = url;
  link.download = filename;
  link.click();
  URL.revokeObjectURL(url);
}
