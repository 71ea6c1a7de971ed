import { toJsxRuntime } from "hast-util-to-jsx-runtime";
import { common, createLowlight } from "lowlight";
import { memo, type ReactNode, useEffect, useState } from "react";
import { Fragment, jsx, jsxs } from "react/jsx-runtime";
import { highlightedPart, inTurn } from "./highlight-turns.ts";
import "./highlight.css";

const lowlight = createLowlight(common);

/** Loaded when the first code block with a language is shown. The code is plain until it is its turn. */
const HighlightedCode = memo(function HighlightedCode({ text, language }: { text: string; language: string }) {
  const [shown, setShown] = useState<ReactNode>(null);
  useEffect(() => inTurn(() => setShown(highlighted(text, language))), [text, language]);
  return shown ?? text;
});

function highlighted(text: string, language: string): ReactNode {
  if (!lowlight.registered(language)) return text;
  const part = highlightedPart(text);
  const code = toJsxRuntime(lowlight.highlight(language, part), { Fragment, jsx, jsxs });
  return part === text ? code : [<Fragment key="code">{code}</Fragment>, text.slice(part.length)];
}

export default HighlightedCode;
