import { useEffect, useRef, useState } from "react";
import { useLocation } from "wouter";
import { VisuallyHidden } from "../ui/visually-hidden.tsx";

/**
 * After navigation, announces the new page to screen readers and moves the focus to it if the focused element, such as
 * a clicked link, no longer exists.
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
    // Runs after the page has set its title and the composer, if there is one, has taken the focus.
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
