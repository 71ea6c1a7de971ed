import type { ReactNode } from "react";
import { Link } from "wouter";
import { LazyPart } from "../../core/lazy-part.tsx";
import { lazyWithTexts } from "../../i18n/lazy-with-texts.ts";
import { innerLinkOf } from "./inner-link.ts";
import { warning } from "./warning.ts";

const LinkChip = lazyWithTexts(async () => (await import("./link-chip.tsx")).LinkChip);

const linkClass = "text-link underline underline-offset-2 hover:decoration-2 wrap-anywhere";

/** A link in a message. `bare` means that its text is its address, which may be replaced by a readable name. */
export function MessageLink({ href, bare, children }: { href: string; bare: boolean; children: ReactNode }) {
  const inner = innerLinkOf(href, location.origin);
  if (!inner) {
    return (
      <a
        href={href}
        target="_blank"
        rel="noopener noreferrer nofollow"
        className={linkClass}
        {...(!bare && { title: href, ...warning(href) })}
      >
        {children}
      </a>
    );
  }
  const link = (
    <Link href={inner.path} className={linkClass}>
      {children}
    </Link>
  );
  if (!bare) return link;
  return (
    <LazyPart loading={link} failed={link}>
      <LinkChip to={inner} />
    </LazyPart>
  );
}
