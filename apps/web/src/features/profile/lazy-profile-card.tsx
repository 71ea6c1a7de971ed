import { LazyPart } from "../../core/lazy-part.tsx";
import { lazyWithTexts } from "../../i18n/lazy-with-texts.ts";
import type { ProfileCardProps } from "./profile-card.tsx";

const Loaded = lazyWithTexts(async () => (await import("./profile-card.tsx")).ProfileCard);

/** Somebody's card, above what can be done about them, which does not wait for it. */
export function ProfileCard(props: ProfileCardProps) {
  return (
    <LazyPart loading={<div className="h-40 w-72" />} failed={null}>
      <Loaded {...props} />
    </LazyPart>
  );
}
