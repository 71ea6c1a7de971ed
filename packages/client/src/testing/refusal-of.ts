/** The code with which the work is refused. */
export function refusalOf(work: Promise<unknown>): Promise<string> {
  return work.then(
    () => "nothing",
    (error: { code: string }) => error.code,
  );
}
