import type { ReactNode } from "react";

/** A titled section of a settings panel. */
export function PanelSection({ title, hint, children }: { title: string; hint?: ReactNode; children: ReactNode }) {
  return (
    <section className="mb-7 last:mb-0">
      <h3 className="text-lg font-semibold">{title}</h3>
      {hint && <p className="mt-0.5 text-sm text-muted">{hint}</p>}
      <div className="mt-3.5">{children}</div>
    </section>
  );
}
