import type { ReactNode } from "react";

export interface EmptyStateProps {
  icon: ReactNode;
  title: string;
  description?: ReactNode;
  actions?: ReactNode;
}

export function EmptyState({ icon, title, description, actions }: EmptyStateProps) {
  return (
    <div className="m-auto flex max-w-100 flex-col items-center px-6 py-10 text-center">
      <div className="mb-4 flex size-14 items-center justify-center rounded-xl bg-accent-soft text-link">{icon}</div>
      <h2 className="text-lg font-semibold">{title}</h2>
      {description && <p className="mt-1.5 text-sm text-balance text-muted">{description}</p>}
      {actions && <div className="mt-5 flex flex-wrap justify-center gap-2">{actions}</div>}
    </div>
  );
}
