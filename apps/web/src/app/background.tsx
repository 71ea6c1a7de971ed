import { useEffect, useState } from "react";
import { LazyPart } from "../core/lazy-part.tsx";
import { DirectMessageListener } from "../features/people/direct-message-listener.tsx";
import { lazyWithTexts } from "../i18n/lazy-with-texts.ts";

const OwnListener = lazyWithTexts(async () => (await import("./own-listener.tsx")).OwnListener, ["start"]);

/** The first view is on the screen by then. */
const laterMs = 4_000;

/** What goes on while somebody is logged in, whatever is on the screen. */
export function Background() {
  const [isLater, setLater] = useState(false);
  useEffect(() => {
    const timer = setTimeout(() => setLater(true), laterMs);
    return () => clearTimeout(timer);
  }, []);
  return (
    <>
      <DirectMessageListener />
      {isLater && (
        <LazyPart failed={null}>
          <OwnListener />
        </LazyPart>
      )}
    </>
  );
}
