import { lazy, type FunctionComponent } from "react";
import { insistently } from "../core/insistently.ts";
import { loadTexts, type TextBundle } from "./index.ts";

type Load<Props> = () => Promise<FunctionComponent<Props>>;

/** A component whose code is loaded when it is first shown, together with the texts that only such components use. */
export function lazyWithTexts<Props>(load: Load<Props>, texts: readonly TextBundle[] = ["screens"]) {
  return lazy(() => withTexts(load, texts));
}

/** The same for a component that nobody asks for and everybody would miss. */
export function lazyInBackground<Props>(load: Load<Props>) {
  return lazy(() => insistently(() => withTexts(load, ["screens"])));
}

async function withTexts<Props>(load: Load<Props>, texts: readonly TextBundle[]) {
  const [component] = await Promise.all([load(), ...texts.map(loadTexts)]);
  return { default: component };
}
