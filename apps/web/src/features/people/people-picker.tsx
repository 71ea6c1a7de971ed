import type { ClientState } from "@miscord/client";
import { limits, type User } from "@miscord/protocol";
import { foldName } from "@miscord/text";
import { useMemo, useState } from "react";
import { useTranslation } from "react-i18next";
import { useShallow } from "zustand/react/shallow";
import { useClientState } from "../../core/client.ts";
import { useFindMembers } from "../../core/find-members.ts";
import { Avatar } from "../../ui/avatar.tsx";
import { Checkbox } from "../../ui/checkbox.tsx";
import { Field } from "../../ui/field.tsx";
import { Input } from "../../ui/input.tsx";

const shown = 30;
/** Each is a request for what is typed. */
const serversAsked = 10;

interface PeoplePickerProps {
  chosen: readonly number[];
  onChange: (chosen: readonly number[]) => void;
  /** People who cannot be chosen. */
  without?: readonly number[];
}

/** Friends, and the people of the user's servers, to choose from by name. */
export function PeoplePicker({ chosen, onChange, without = [] }: PeoplePickerProps) {
  const { t } = useTranslation("people");
  const [query, setQuery] = useState("");
  const people = useKnownPeople(query.trim().replace(/^@/, ""));
  const wanted = foldName(query.trim().replace(/^@/, ""));
  const found = people
    .filter(({ id }) => !without.includes(id))
    .filter(({ username, display_name }) => [username, display_name].some((name) => foldName(name).includes(wanted)))
    .slice(0, shown);
  const isFull = chosen.length + without.length >= limits.groupPeople - 1;
  return (
    <>
      <Field label={t("picker.search")} hideLabel>
        <Input
          value={query}
          autoComplete="off"
          placeholder={t("picker.search")}
          onChange={(event) => setQuery(event.target.value)}
        />
      </Field>
      {found.length === 0 && <p className="pt-4 text-sm text-faint">{t("picker.none")}</p>}
      <ul aria-label={t("picker.people")} className="mt-3 flex flex-col gap-3">
        {found.map((user) => {
          const isChosen = chosen.includes(user.id);
          return (
            <li key={user.id}>
              <Checkbox
                label={<PersonLabel user={user} />}
                checked={isChosen}
                disabled={isFull && !isChosen}
                onChange={(on) => onChange(on ? [...chosen, user.id] : chosen.filter((id) => id !== user.id))}
              />
            </li>
          );
        })}
      </ul>
    </>
  );
}

function PersonLabel({ user }: { user: User }) {
  return (
    <span className="flex min-w-0 items-center gap-2.5">
      <Avatar user={user} size={24} ground="overlay" />
      <span dir="auto" className="truncate">
        {user.display_name}
      </span>
      <span className="truncate text-muted">@{user.username}</span>
    </span>
  );
}

/** Friends first; without the user and those whom they have blocked. Asks the first servers for what is typed. */
function useKnownPeople(query: string): readonly User[] {
  const known = useClientState(
    useShallow(({ relationships, members, dms, session }: ClientState) => ({ relationships, members, dms, session })),
  );
  useFindMembers(useClientState(({ serverIds }) => serverIds).slice(0, serversAsked), query);
  return useMemo(() => {
    const people = new Map<number, User>();
    const add = (user: User) => void (people.has(user.id) || people.set(user.id, user));
    const friends = Object.values(known.relationships).filter(({ kind }) => kind === "friend");
    for (const { user } of friends) add(user);
    for (const dm of Object.values(known.dms)) dm.recipients.forEach(add);
    for (const members of Object.values(known.members)) Object.values(members).forEach(add);
    const isLeftOut = (id: number) => id === known.session.me?.id || known.relationships[id]?.kind === "blocked";
    return [...people.values()].filter(({ id }) => !isLeftOut(id));
  }, [known]);
}
