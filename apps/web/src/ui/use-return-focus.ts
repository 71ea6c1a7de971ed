import { useState } from "react";

/** Radix gives the focus back to a dialog's trigger only; ours are opened from menus, keys and elsewhere. */
export function useReturnFocus(): (event: Event) => void {
  const [opener] = useState(() => document.activeElement);
  return (event) => {
    event.preventDefault();
    if (opener instanceof HTMLElement) opener.focus();
  };
}
