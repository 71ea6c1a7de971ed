import { Check, Copy } from "lucide-react";
import { useEffect, useState } from "react";
import { useTranslation } from "react-i18next";
import { LazyPart } from "../../core/lazy-part.tsx";
import { lazyWithTexts } from "../../i18n/lazy-with-texts.ts";

const HighlightedCode = lazyWithTexts(async () => (await import("./highlighted-code.tsx")).default);
const copiedMs = 2_000;

export function CodeBlock({ text, language }: { text: string; language: string | null }) {
  const { t } = useTranslation("chat");
  return (
    <figure
      dir="ltr"
      aria-label={language ? t("code.in", { language }) : t("code.block")}
      className="group/code relative my-1 max-w-full overflow-hidden rounded-md border border-line bg-field"
    >
      {language && (
        <div aria-hidden className="select-none border-b border-line px-3 py-1 font-mono text-2xs text-faint">
          {language}
        </div>
      )}
      <pre className="px-3 py-2.5 font-mono text-sm whitespace-pre-wrap wrap-anywhere [tab-size:2]">
        <code>
          {language ? (
            <LazyPart loading={text} failed={text}>
              <HighlightedCode text={text} language={language} />
            </LazyPart>
          ) : (
            text
          )}
        </code>
      </pre>
      <CopyButton text={text} labels={{ copy: t("code.copy"), copied: t("code.copied") }} />
    </figure>
  );
}

/** A message may have hundreds: a tooltip of the page's own for each takes longer than all the rest. */
function CopyButton({ text, labels }: { text: string; labels: { copy: string; copied: string } }) {
  const [copied, setCopied] = useState(false);
  useEffect(() => {
    if (!copied) return undefined;
    const timer = setTimeout(() => setCopied(false), copiedMs);
    return () => clearTimeout(timer);
  }, [copied]);

  async function copy(): Promise<void> {
    try {
      await navigator.clipboard.writeText(text);
      setCopied(true);
    } catch {
      // On plain HTTP the browser forbids copying. The text can still be selected.
    }
  }

  const label = copied ? labels.copied : labels.copy;
  return (
    <button
      type="button"
      aria-label={label}
      title={label}
      className="absolute right-1 top-1 inline-flex size-7 items-center justify-center rounded-sm bg-field text-muted opacity-0 transition-colors group-hover/code:opacity-100 hover:bg-hover hover:text-ink focus-visible:opacity-100 pointer-coarse:opacity-100"
      onClick={() => void copy()}
    >
      {copied ? <Check size={15} className="text-success-ink" /> : <Copy size={15} />}
    </button>
  );
}
