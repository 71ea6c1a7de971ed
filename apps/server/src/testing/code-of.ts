/** What a command comes to: `ok`, or the code of its refusal. */
export async function codeOf(done: Promise<unknown>): Promise<string> {
  return done.then(
    () => "ok",
    ({ code = "failed" }: { code?: string }) => code,
  );
}
