import { importCalls } from "@miscord/client";
import type { InstanceImport } from "@miscord/protocol";
import { FileArchive, FolderUp } from "lucide-react";
import { useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { useClient } from "../../../core/client.ts";
import { useAction } from "../../../core/use-action.ts";
import { AlertBanner } from "../../../ui/alert-banner.tsx";
import { Button } from "../../../ui/button.tsx";
import { chosenExport, type ChosenExport } from "./chosen-export.ts";
import { exportUpload } from "./export-upload.ts";

interface ChooseExportProps {
  /** The import that waits for its files; null: choosing some begins one. */
  open: InstanceImport | null;
  onChanged: () => void;
}

const takesFolders = "webkitdirectory" in HTMLInputElement.prototype;
const shownAtMost = 50;

/** Takes the folder of an export, or its files and archives of them, and uploads them. */
export function ChooseExport({ open, onChanged }: ChooseExportProps) {
  const { t } = useTranslation("imports");
  const client = useClient();
  const { busy, run } = useAction();
  const [found, setFound] = useState<ChosenExport | null>(null);
  const folder = useRef<HTMLInputElement>(null);
  const files = useRef<HTMLInputElement>(null);
  const take = async (chosen: readonly File[]) => {
    if (chosen.length === 0) return;
    await run(async () => {
      const contents = await chosenExport(chosen);
      setFound(contents);
      if (!contents.files.some(({ path }) => /\.json$/i.test(path))) return;
      const { id } = open ?? (await importCalls(client.rest).create());
      void exportUpload(client).run(id, contents);
    });
    onChanged();
  };
  const isEmpty = found !== null && !found.files.some(({ path }) => /\.json$/i.test(path));
  return (
    <div>
      {!open && <HowToExport />}
      <div className="flex flex-wrap gap-2">
        {takesFolders && (
          <Button
            variant="primary"
            busy={busy}
            icon={<FolderUp size={16} aria-hidden />}
            onClick={() => folder.current?.click()}
          >
            {t("chooseFolder")}
          </Button>
        )}
        <Button
          variant={takesFolders ? "secondary" : "primary"}
          busy={busy}
          icon={<FileArchive size={16} aria-hidden />}
          onClick={() => files.current?.click()}
        >
          {t("chooseFiles")}
        </Button>
      </div>
      <FileInput label={t("chooseFolder")} inputRef={folder} isFolder onChosen={take} />
      <FileInput label={t("chooseFiles")} inputRef={files} onChosen={take} />
      {isEmpty && (
        <AlertBanner tone="danger" className="mt-3">
          {t("noJson")}
        </AlertBanner>
      )}
      {found && isEmpty && <RefusedEntries refused={found.refused} />}
    </div>
  );
}

function HowToExport() {
  const { t } = useTranslation("imports");
  return (
    <div className="mb-4 max-w-160 text-sm text-muted">
      <p>{t("how")}</p>
      <code className="my-2 block rounded-md bg-sunken px-3 py-2 text-ink wrap-anywhere">
        --format Json --media --include-threads All
      </code>
      <p>{t("token")}</p>
    </div>
  );
}

interface FileInputProps {
  label: string;
  inputRef: React.RefObject<HTMLInputElement | null>;
  isFolder?: boolean;
  onChosen: (files: readonly File[]) => Promise<void>;
}

function FileInput({ label, inputRef, isFolder = false, onChosen }: FileInputProps) {
  return (
    <input
      ref={inputRef}
      type="file"
      multiple
      hidden
      aria-label={label}
      {...(isFolder && { webkitdirectory: "" })}
      onChange={({ currentTarget }) => {
        void onChosen([...(currentTarget.files ?? [])]);
        // Cleared so that picking the same again fires a change event.
        currentTarget.value = "";
      }}
    />
  );
}

/** Files of archives that were left out, and why. */
export function RefusedEntries({ refused }: Pick<ChosenExport, "refused">) {
  const { t } = useTranslation("imports");
  if (refused.length === 0) return null;
  return (
    <section aria-label={t("refused")} className="my-3 rounded-lg bg-sunken p-3 text-sm">
      <h4 role="status" className="font-medium">
        {t("refusedCount", { count: refused.length })}
      </h4>
      {/* oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex -- a list that scrolls is reached by keyboard */}
      <ul tabIndex={0} className="focus-inset mt-1 max-h-40 overflow-y-auto rounded-sm text-muted">
        {refused.slice(0, shownAtMost).map(({ name, reason }, place) => (
          // oxlint-disable-next-line react/no-array-index-key -- several files may have one name, and the list never changes
          <li key={place} className="py-0.5 wrap-anywhere">
            <bdi className="text-ink">{name}</bdi> — {t(`reasons.${reason}`)}
          </li>
        ))}
      </ul>
    </section>
  );
}
