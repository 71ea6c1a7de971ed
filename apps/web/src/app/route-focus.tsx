import { useEffect, useRef, useState } from "react";
import { useLocation } from "wouter";
import { VisuallyHidden } from "../ui/visually-hidden.tsx";

/**
 * A change of page tells a screen reader where it is, and takes a focus that was left on nothing, say because the link
 * was in what is gone, to the new page.
 */
export function RouteFocus() {
  const [path] = useLocation();
  const [title, setTitle] = useState("");
  const first = useRef(true);
  useEffect(() => {
    if (first.current) {
      first.current = false;
      return undefined;
    }
    // After the page has set its title and the composer, if there is one, has taken the focus.
    const timer = setTimeout(() => {
      setTitle(document.title);
      if (document.activeElement === document.body) document.querySelector<HTMLElement>("#main")?.focus();
    }, 150);
    return () => clearTimeout(timer);
  }, [path]);
  return (
    <VisuallyHidden aria-live="polite" role="status">
      {title}
    </VisuallyHidden>
  );
}
