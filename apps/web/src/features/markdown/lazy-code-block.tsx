import { LazyPart } from "../../core/lazy-part.tsx";
import { lazyWithTexts } from "../../i18n/lazy-with-texts.ts";

const CodeBlock = lazyWithTexts(async () => (await import("./code-block.tsx")).CodeBlock);

/** A block of code, whose frame and button to copy are loaded with the first one. */
export function LazyCodeBlock({ text, language }: { text: string; language: string | null }) {
  const plain = (
    <pre dir="ltr" className="my-1 px-3 py-2.5 font-mono text-sm whitespace-pre-wrap wrap-anywhere [tab-size:2]">
      <code>{text}</code>
    </pre>
  );
  return (
    <LazyPart loading={plain} failed={plain}>
      <CodeBlock text={text} language={language} />
    </LazyPart>
  );
}
