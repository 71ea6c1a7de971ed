import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { useClientState } from "../../core/client.ts";
import { usePageTitle } from "../../core/page-title.ts";
import { changeLocale, languageNames, locales } from "../../i18n/index.ts";
import { LogoMark } from "../../ui/logo.tsx";

export interface AuthPageProps {
  title: string;
  description?: ReactNode;
  children: ReactNode;
}

/** The frame of every page without a session: logo, one column, choice of language. */
export function AuthPage({ title, description, children }: AuthPageProps) {
  const instanceName = useClientState((state) => state.instance?.name);
  usePageTitle(title);
  return (
    <div className="flex h-full flex-col overflow-y-auto bg-sunken bg-[radial-gradient(52rem_22rem_at_50%_-6rem,var(--accent-soft),transparent)]">
      <main id="main" className="m-auto w-full max-w-100 px-5 py-8">
        <div className="mb-7 flex items-center gap-3">
          <LogoMark size={34} />
          <span className="min-w-0 truncate text-lg font-semibold">{instanceName ?? "Miscord"}</span>
        </div>
        <h1 className="text-2xl font-semibold wrap-break-word">{title}</h1>
        {description && <div className="mt-1.5 text-muted">{description}</div>}
        <div className="mt-6">{children}</div>
      </main>
      <LanguageChoice />
    </div>
  );
}

function LanguageChoice() {
  const { i18n } = useTranslation();
  return (
    <footer className="flex shrink-0 justify-center gap-1 px-4 pb-4">
      {locales.map((locale) => (
        <button
          key={locale}
          type="button"
          lang={locale}
          aria-pressed={i18n.language === locale}
          onClick={() => void changeLocale(locale, { remember: true })}
          className="rounded-sm px-2.5 py-1.5 text-sm text-faint hover:text-ink aria-pressed:font-medium aria-pressed:text-ink"
        >
          {languageNames[locale]}
        </button>
      ))}
    </footer>
  );
}
