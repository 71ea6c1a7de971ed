/** Values kept, and again as many older ones. */
const valuesKept = 50_000;

/** The function, whose recent results are kept: what is worked out for each word of a message, since words repeat. */
export function memo<Value>(compute: (word: string) => Value): (word: string) => Value {
  let recent = new Map<string, Value>();
  let older = new Map<string, Value>();
  return (word) => {
    const known = recent.get(word);
    if (known !== undefined) return known;
    if (recent.size >= valuesKept) {
      older = recent;
      recent = new Map();
    }
    const own = ownText(word);
    const value = older.get(word) ?? compute(own);
    recent.set(own, value);
    return value;
  };
}

/** A part of a text keeps the whole text in memory for as long as it is there itself; a copy does not. */
function ownText(part: string): string {
  return ` ${part}`.slice(1);
}
