import { AtSign } from "lucide-react";
import { useTranslation } from "react-i18next";
import { Avatar } from "../../ui/avatar.tsx";
import { cx } from "../../ui/cx.ts";
import { EmojiGlyph } from "../emoji/emoji-glyph.tsx";
import type { Suggestion } from "./suggestion.ts";
import type { Completion } from "./use-completion.ts";

/** Suggestions above the field. The field keeps the focus, so pressing an option must not take it. */
export function SuggestionList({ completion }: { completion: Completion }) {
  const { t } = useTranslation("chat");
  const { suggestions, activeIndex } = completion;
  return (
    <div
      role="listbox"
      id={completion.listId}
      aria-label={t("composer.suggestions")}
      tabIndex={-1}
      onMouseDown={(event) => event.preventDefault()}
      className="animate-in absolute inset-x-0 bottom-[calc(100%+0.625rem)] z-30 max-h-[min(19rem,45dvh)] max-w-120 overflow-y-auto rounded-lg bg-overlay p-1 shadow-overlay"
    >
      {suggestions.map((suggestion, index) => (
        <div
          key={suggestion.insert}
          ref={index === activeIndex ? scrollIntoView : null}
          role="option"
          id={completion.optionId(index)}
          aria-selected={index === activeIndex}
          tabIndex={-1}
          onPointerMove={() => index !== activeIndex && completion.activate(index)}
          onClick={() => completion.take(suggestion)}
          onKeyDown={undefined}
          className={cx(
            "flex min-h-9 items-center gap-2.5 rounded-sm px-2.5 text-sm pointer-coarse:min-h-11",
            index === activeIndex && "bg-active",
          )}
        >
          <SuggestionLabel suggestion={suggestion} />
        </div>
      ))}
    </div>
  );
}

function scrollIntoView(option: HTMLElement | null): void {
  option?.scrollIntoView({ block: "nearest" });
}

function SuggestionLabel({ suggestion }: { suggestion: Suggestion }) {
  const { t } = useTranslation("chat");
  if (suggestion.kind === "member") {
    const { member } = suggestion;
    return (
      <>
        <Avatar user={member} size={24} ground="overlay" />
        <span dir="auto" className="truncate font-medium">
          {member.display_name}
        </span>
        <span className="shrink-0 text-muted">@{member.username}</span>
      </>
    );
  }
  if (suggestion.kind === "emoji") {
    return (
      <>
        <span aria-hidden className="w-6 text-center text-xl">
          <EmojiGlyph emoji={suggestion.emoji} />
        </span>
        <span className="truncate">:{suggestion.name}:</span>
      </>
    );
  }
  return (
    <>
      <span className="flex size-6 shrink-0 items-center justify-center rounded-full bg-accent-soft text-link">
        {suggestion.kind === "role" && suggestion.color ? (
          <span className="size-3 rounded-full" style={{ backgroundColor: suggestion.color }} />
        ) : (
          <AtSign size={14} aria-hidden />
        )}
      </span>
      <span dir="auto" className="truncate font-medium">
        {suggestion.kind === "role" ? suggestion.name : `@${suggestion.kind}`}
      </span>
      <span className="truncate text-muted">{t(`composer.${suggestion.kind}`)}</span>
    </>
  );
}
