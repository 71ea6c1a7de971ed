import { expect, test } from "vitest";
import { turnCredentials } from "./turn-credentials.ts";

test("TURN credentials match coturn's REST scheme for the same name and secret", () => {
  // printf '1800000000:7' | openssl dgst -sha1 -hmac north -binary | base64
  expect(turnCredentials("north", 7, 1_800_000_000_999)).toEqual({
    username: "1800000000:7",
    credential: "Ctc0Kh0+uQCCxOqLI17pB3bqYlU=",
  });
});
