import { lazy, type FunctionComponent } from "react";
import { loadTexts, type TextBundle } from "./index.ts";

/** A component whose code is loaded when it is first shown, together with the texts that only such components use. */
export function lazyWithTexts<Props>(
  load: () => Promise<FunctionComponent<Props>>,
  texts: readonly TextBundle[] = ["screens"],
) {
  return lazy(async () => {
    const [component] = await Promise.all([load(), ...texts.map(loadTexts)]);
    return { default: component };
  });
}
