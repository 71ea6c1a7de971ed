import { toJsxRuntime } from "hast-util-to-jsx-runtime";
import { common, createLowlight } from "lowlight";
import { memo } from "react";
import { Fragment, jsx, jsxs } from "react/jsx-runtime";
import "./highlight.css";

const lowlight = createLowlight(common);

/** Loaded when the first code block with a language is shown. */
const HighlightedCode = memo(function HighlightedCode({ text, language }: { text: string; language: string }) {
  if (!lowlight.registered(language)) return text;
  return toJsxRuntime(lowlight.highlight(language, text), { Fragment, jsx, jsxs });
});

export default HighlightedCode;
