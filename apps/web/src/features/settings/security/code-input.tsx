import { Input, type InputProps } from "../../../ui/input.tsx";

/** A field for a code of an authenticator app, which phones and password managers fill in, or for a recovery code. */
export function CodeInput(props: InputProps) {
  return (
    <Input
      required
      autoComplete="one-time-code"
      autoCapitalize="none"
      spellCheck={false}
      maxLength={64}
      className="font-mono"
      {...props}
    />
  );
}
