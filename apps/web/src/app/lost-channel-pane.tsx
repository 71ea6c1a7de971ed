import { Copy, MessageSquareOff } from "lucide-react";
import { useId } from "react";
import { useTranslation } from "react-i18next";
import { Link, useLocation } from "wouter";
import { changeDraft, emptyDraft, useDraft } from "../features/composer/drafts.ts";
import { Button } from "../ui/button.tsx";
import { EmptyState } from "../ui/empty-state.tsx";
import { usePageTitle } from "../core/page-title.ts";
import { unaskedNavigation } from "../core/unasked-navigation.ts";
import { useCopy } from "../core/use-copy.ts";
import { MainPane } from "../layout/main-pane.tsx";

interface LostChannelPaneProps {
  channelId: number;
  /** Null when the channel was gone before the page was opened. */
  name: string | null;
  /** Where the user can go on. */
  next: string;
}

/** In place of a channel that was deleted while the user had unsent words in it. The words are offered, and kept until discarded. */
export function LostChannelPane({ channelId, name, next }: LostChannelPaneProps) {
  const { t } = useTranslation("common");
  const copy = useCopy();
  const [, navigate] = useLocation();
  const { text } = useDraft(channelId);
  const wordsId = useId();
  const title = name === null ? t("lostChannel.unnamed") : t("lostChannel.title", { channel: name });
  usePageTitle(title);
  function discard(): void {
    changeDraft(channelId, emptyDraft);
    navigate(next, { replace: true, state: unaskedNavigation });
  }
  return (
    <MainPane title={<h1 className="truncate font-semibold">{title}</h1>}>
      <div role="status" className="flex min-h-0 flex-1 flex-col overflow-y-auto">
        <div className="m-auto w-full max-w-160">
          <EmptyState
            icon={<MessageSquareOff size={26} aria-hidden />}
            title={title}
            description={t("lostChannel.description")}
            actions={
              <>
                <Button icon={<Copy size={15} aria-hidden />} onClick={() => void copy(text)}>
                  {t("lostChannel.copy")}
                </Button>
                <Button variant="ghost" onClick={discard}>
                  {t("lostChannel.discard")}
                </Button>
                <Link
                  href={next}
                  className="flex items-center px-2 text-sm font-medium text-link underline-offset-2 hover:underline"
                >
                  {t("lostChannel.next")}
                </Link>
              </>
            }
          />
          <section aria-labelledby={wordsId} className="mb-8 px-4">
            <h2 id={wordsId} className="mb-1.5 text-sm font-medium text-muted">
              {t("lostChannel.words")}
            </h2>
            <p
              dir="auto"
              className="rounded-lg border border-line bg-field px-3.5 py-2.5 whitespace-pre-wrap wrap-anywhere"
            >
              {text}
            </p>
          </section>
        </div>
      </div>
    </MainPane>
  );
}
