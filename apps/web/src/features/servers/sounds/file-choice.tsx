import { useRef } from "react";
import { useTranslation } from "react-i18next";
import { Button } from "../../../ui/button.tsx";

interface FileChoiceProps {
  file: File | null;
  problem: string | null;
  onChoose: (file: File) => void;
}

/** The file of a new sound, and what is wrong with it. */
export function FileChoice({ file, problem, onChoose }: FileChoiceProps) {
  const { t } = useTranslation("soundboard");
  const input = useRef<HTMLInputElement>(null);
  return (
    <div>
      <div className="flex min-w-0 items-center gap-3">
        <Button className="shrink-0" onClick={() => input.current?.click()}>
          {t("chooseFile")}
        </Button>
        <p dir="auto" className="min-w-0 truncate text-sm text-muted">
          {file?.name}
        </p>
      </div>
      <input
        ref={input}
        type="file"
        hidden
        accept="audio/mpeg,audio/ogg,audio/wav,.mp3,.ogg,.opus,.wav"
        aria-label={t("file")}
        onChange={({ currentTarget }) => {
          const [chosen] = currentTarget.files ?? [];
          if (chosen) onChoose(chosen);
          // Cleared so that picking the same file again fires a change event.
          currentTarget.value = "";
        }}
      />
      {problem && (
        <p role="alert" className="mt-1.5 text-sm text-danger-ink">
          {problem}
        </p>
      )}
    </div>
  );
}
