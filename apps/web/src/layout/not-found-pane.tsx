import { LazyPart } from "../core/lazy-part.tsx";
import { lazyWithTexts } from "../i18n/lazy-with-texts.ts";

const NotFound = lazyWithTexts(async () => (await import("./not-found.tsx")).NotFound);

/** For an unknown address and for one the user may not see: the server does not reveal which it is. */
export function NotFoundPane() {
  return (
    <LazyPart>
      <NotFound />
    </LazyPart>
  );
}
