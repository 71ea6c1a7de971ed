import type { CustomStatus, OwnProfile, Status, User } from "@miscord/protocol";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { nameOf } from "../../core/name-of.ts";
import { Avatar } from "../../ui/avatar.tsx";
import { cx } from "../../ui/cx.ts";
import { ProgramMark } from "../../ui/program-mark.tsx";
import { InlineMarkdown } from "../markdown/inline-markdown.tsx";
import { CustomStatusText } from "./custom-status-text.tsx";

interface ProfileFaceProps {
  user: User;
  /** Of somebody who has a nickname. */
  accountName?: string | null;
  /** Absent: it is not known. */
  status?: Status;
  custom: CustomStatus | undefined;
  /** Null until it is loaded. */
  profile: OwnProfile | null;
  isWide?: boolean;
  /** The name stands above the card. */
  isTitled?: boolean;
  /** Below. */
  children?: ReactNode;
}

/** Banner, face, names, custom status and "about me"; also as a preview of what its user has not saved yet. */
export function ProfileFace({
  user,
  accountName,
  status,
  custom,
  profile,
  isWide,
  isTitled,
  children,
}: ProfileFaceProps) {
  const { t } = useTranslation(["profile", "common"]);
  const names = [accountName, `@${user.username}`, profile?.pronouns].filter(Boolean);
  return (
    <div className={cx("min-w-0", !isWide && "mb-1 min-w-72 border-b border-line pb-1")}>
      <Banner user={user} profile={profile} />
      <div className="px-3 pb-2">
        <div className="relative -mt-9 w-fit rounded-full bg-overlay p-1">
          <Avatar user={user} size={72} status={status} ground="overlay" />
        </div>
        {!isTitled && <Name user={user} />}
        <p className="text-sm text-muted wrap-anywhere">
          {names.map((name, index) => (
            <bdi key={index}>
              {index > 0 && " · "}
              {name}
            </bdi>
          ))}
        </p>
        {status && <p className="sr-only">{t(`common:status.${status}`)}</p>}
        {custom && (
          <p className="mt-2 w-fit max-w-full rounded-md bg-active px-2 py-1 text-sm wrap-anywhere">
            <CustomStatusText status={custom} />
          </p>
        )}
        <div className="mt-2 flex flex-col gap-2.5">
          {profile?.about && (
            <Part title={t("about")}>
              {/* What is below a card in a menu stays in sight. */}
              <div className={cx(!isWide && "line-clamp-6")}>
                <InlineMarkdown content={profile.about} />
              </div>
            </Part>
          )}
          {children}
        </div>
      </div>
    </div>
  );
}

function Name({ user }: { user: User }) {
  return (
    <p className="mt-1 flex min-w-0 gap-1.5 text-lg font-semibold">
      <span dir="auto" className="line-clamp-3 wrap-anywhere">
        {nameOf(user)}
      </span>
      <ProgramMark user={user} />
    </p>
  );
}

function Banner({ user, profile }: Pick<ProfileFaceProps, "user" | "profile">) {
  const color = profile?.banner_color ?? user.avatar_color;
  return (
    <div aria-hidden style={{ backgroundColor: color }} className="aspect-3/1 w-full overflow-hidden rounded-md">
      {profile?.banner_url && (
        <img src={profile.banner_url} alt="" draggable={false} className="size-full object-cover" />
      )}
    </div>
  );
}

/** Neither a section nor a heading: the card may be in a menu. */
export function Part({ title, children }: { title: string; children: ReactNode }) {
  return (
    <div className="text-sm">
      <p className="mb-0.5 text-xs font-semibold text-faint">{title}</p>
      {children}
    </div>
  );
}
