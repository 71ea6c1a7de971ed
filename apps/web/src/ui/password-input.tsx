import { Eye, EyeOff } from "lucide-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { IconButton } from "./icon-button.tsx";
import { Input, type InputProps } from "./input.tsx";

/** A password field with a button to show the password and a warning while Caps Lock is on. */
export function PasswordInput(props: Omit<InputProps, "type" | "trailing">) {
  const { t } = useTranslation("auth");
  const [shown, setShown] = useState(false);
  const [capsLock, setCapsLock] = useState(false);
  const followCapsLock = (event: { getModifierState?(key: string): boolean }) =>
    // Events of password managers have no modifier state.
    setCapsLock(event.getModifierState?.("CapsLock") ?? false);
  return (
    <>
      <Input
        {...props}
        type={shown ? "text" : "password"}
        spellCheck={false}
        autoCapitalize="none"
        onKeyDown={(event) => followCapsLock(event.nativeEvent)}
        onKeyUp={(event) => followCapsLock(event.nativeEvent)}
        onBlur={() => setCapsLock(false)}
        trailing={
          <IconButton
            size="sm"
            label={shown ? t("hidePassword") : t("showPassword")}
            icon={shown ? <EyeOff size={17} /> : <Eye size={17} />}
            onClick={() => setShown(!shown)}
            className="mr-0.5"
          />
        }
      />
      {capsLock && (
        <p role="status" className="text-sm text-link">
          {t("capsLock")}
        </p>
      )}
    </>
  );
}
