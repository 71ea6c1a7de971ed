import { describe, expect, test } from "vitest";
import { mentionsOf } from "./mentions-of.ts";
import { parseMessage } from "./parse-message.ts";
import { plainText } from "./plain-text.ts";
import { sketch } from "./testing/sketch.ts";

const draw = (content: string) => sketch(parseMessage(content));

describe("a text of chat is drawn as people mean it:", () => {
  test.each([
    // Emphasis
    ["**bold _both_** ~~gone~~ `a*b`", "<strong>bold <emphasis>both</></> <strike>gone</> <code>a*b</>"],
    ["**«Важно»**читать", "<strong>«Важно»</>читать"],
    ["日本語**テスト。**日本語", "日本語<strong>テスト。</>日本語"],
    ["中文**（重要）**中文", "中文<strong>（重要）</>中文"],
    ["это**„важно“**!", "это<strong>„важно“</>!"],
    ["слово**!важно!**слово", "слово<strong>!важно!</>слово"],
    ["ไทย**สำคัญ**ไทย", "ไทย<strong>สำคัญ</>ไทย"],
    ["한국어**'인용'**입니다", "한국어<strong>'인용'</>입니다"],
    ["*«так»*, **так** и ***так***", "<emphasis>«так»</>, <strong>так</> и <emphasis><strong>так</></>"],
    ["(_a_) «_b_» _c_.", "(<emphasis>a</>) «<emphasis>b</>» <emphasis>c</>."],
    ["**a**b**c**", "<strong>a</>b<strong>c</>"],
    ["**a *b* c**", "<strong>a <emphasis>b</> c</>"],
    ["**!!!** **…**", "<strong>!!!</> <strong>…</>"],
    ["**line\nline**", "<strong>line⏎line</>"],
    ["**\\***", "<strong>*</>"],
    // As typed
    ...["+", "-", "*", "#", ">", "1.", "- ", "+ ", "> ", "1. ", "---", "* * *", "- - -", "___"].map(same),
    ...[">_<", "-_-", "^_^ and ^_^", "*_* *_*", "._. ._.", "T_T", "o_O", ";_; ;_;", ">_< >_<", "¯\\_(ツ)_/¯"].map(same),
    ...["+1 за это", "+ согласен", ">text", "# no heading", "## no", "1) no", "-5 °C", "#1", "2021.", "a\n===="].map(
      same,
    ),
    ...["snake_case_name", "a * b * c", "2 * 3", "~5 or ~6", "Цена* и 5*, 6*", "f(*args, **kwargs)", "*.ts и *.js"].map(
      same,
    ),
    ...[
      "<b>bold</b> <script>",
      "| a | b |\n|---|---|",
      "&lt; &amp;",
      "[x]: note",
      "[x] [y](",
      "C:\\Temp\\new",
      "a\\",
    ].map(same),
    ...[
      "||",
      "||||",
      "a || b",
      "|| ||",
      "a | b | c",
      "`",
      "``",
      "```",
      "``` ```",
      "`` ` x",
      "** a **",
      "~~",
      "****",
    ].map(same),
    ["\\*a\\* \\`b\\` \\||c\\|| \\@d", "*a* `b` ||c|| @d"],
    ["a\n\n\nb", "a⏎⏎⏎b"],
    ["\n\n  a  \n\n", "  a"],
    ["a\r\nb\rc", "a⏎b⏎c"],
    // Code
    ["```\n@bob", "[code @bob]"],
    ["```@bob", "[code @bob]"],
    ["```\ncode```\nafter", "[code code]after"],
    ["before\n```js\ncode\n```\nafter", "before[code js: code]after"],
    ["see ```js\nfoo``` ok", "see[code js: foo] ok"],
    ["``` a ``` b", "[code  a] b"],
    ["x ```y``` z", "x <code>y</> z"],
    ["````\n```\n````", "[code ```]"],
    ["```TypeScript\nconst a = `b`;\n```", "[code typescript: const a = `b`;]"],
    ["```js\n```", "[code js]"],
    ["`` a`b `` ` c", "<code>a`b</> ` c"],
    ["`a\nb`", "`a⏎b`"],
    ["**a `b** c`**", "<strong>a <code>b** c</></>"],
    ["`\\`", "<code>\\</>"],
    // Quotes and lists
    ["> one\n> two\nanswer", "[quote one⏎two]answer"],
    ["> a\n>\n> b", "[quote a⏎⏎b]"],
    ["> > a", "[quote [quote a]]"],
    [">>> a\n\nb", "[quote a⏎⏎b]"],
    ["> ```\n> @bob\n> ```\nx", "[quote [code @bob]]x"],
    ["> - a\n> - b", "[quote [list [a][b]]]"],
    ["- a\n- b\n\n- c\nd", "[list [a][b][c]]d"],
    ["3. a\n4. b", "[list 3 [a][b]]"],
    ["- a\n  - b\n  c\n- d", "[list [a[list [b]]c][d]]"],
    ["- **a**\n- `b`", "[list [<strong>a</>][<code>b</>]]"],
    ["- a\n1. b", "[list [a]][list 1 [b]]"],
    ["- a\n-\n- b", "[list [a]]-[list [b]]"],
    // Spoilers
    ["||секрет||", "<spoiler>секрет</>"],
    ["||секрет\n\nещё||", "<spoiler>секрет⏎⏎ещё</>"],
    ["a ||**b**|| c", "a <spoiler><strong>b</></> c"],
    ["||a||||b||", "<spoiler>a</><spoiler>b</>"],
    ["||||a||", "<spoiler>a</>"],
    ["|||a|||", "<spoiler>a</>|"],
    ["x || y `c || d` z", "x || y <code>c || d</> z"],
    ["||a `b || c` d||", "<spoiler>a <code>b || c</> d</>"],
    ["||\n> q\n- x\n```js\ncode\n```\n||", "[spoiler [quote q][list [x]][code js: code]]"],
    ["> ||a||", "[quote <spoiler>a</>]"],
    ["> ||a\n> b||", "[quote <spoiler>a⏎b</>]"],
    ["> ||a\nb|| c", ">[spoiler a⏎b] c"],
    ["||a\n> b||", "[spoiler a[quote b]]"],
    ["- ||a\n- b|| c", "-[spoiler a[list [b]]] c"],
    ["||```\na||b\n```||", "[spoiler [code a||b]]"],
    ["||[a||](https://a.example)", "<spoiler>[a</>](<link https://a.example/>https://a.example</>)"],
    ["[||a||](https://a.example)", "[<spoiler>a</>](<link https://a.example/>https://a.example</>)"],
    ["||https://a.example||", "<spoiler><link https://a.example/>https://a.example</></>"],
    ["**||a||**", "<strong><spoiler>a</></>"],
    ["||a\\|| b||", "<spoiler>a|| b</>"],
    ["||a||\n||b||", "<spoiler>a</>⏎<spoiler>b</>"],
  ])("%j", (content, expected) => expect(draw(content)).toBe(expected));
});

function same(content: string): [string, string] {
  return [content, content.replaceAll("\n", "⏎").trimEnd()];
}

describe("addresses are links as people mean them:", () => {
  test.each([
    ["https://example.com/a_b_c", "https://example.com/a_b_c", ""],
    ["«https://example.org/a»", "https://example.org/a", "«»"],
    ["“https://a.example/b”.", "https://a.example/b", "“”."],
    ["'https://a.example/b'", "https://a.example/b", "''"],
    ["„https://a.example“", "https://a.example", "„“"],
    ["『https://a.example/b』", "https://a.example/b", "『』"],
    ["https://a.example/b。次", "https://a.example/b", "。次"],
    ["（https://a.example/b）です", "https://a.example/b", "（）です"],
    ["https://пример.рф/путь", "https://пример.рф/путь", ""],
    ["смотри https://пример.рф/путь?ключ=знач#якорь!", "https://пример.рф/путь?ключ=знач#якорь", "смотри !"],
    ["https://例え.テスト/パス", "https://例え.テスト/パス", ""],
    ["https://مثال.إختبار", "https://مثال.إختبار", ""],
    ["https://उदाहरण.परीक्षा/हिन्दी", "https://उदाहरण.परीक्षा/हिन्दी", ""],
    ["https://a.example/(a(b))", "https://a.example/(a(b))", ""],
    ["(https://a.example/(a(b)))", "https://a.example/(a(b))", "()"],
    ["(см. https://a.example/x), да", "https://a.example/x", "(см. ), да"],
    ["[https://a.example/x]", "https://a.example/x", "[]"],
    ["https://a.example/x[1]", "https://a.example/x[1]", ""],
    ["https://a.example:8080/a?b=c&d=e.", "https://a.example:8080/a?b=c&d=e", "."],
    ["https://a.example/a,b;c", "https://a.example/a,b;c", ""],
    ["http://localhost:8000/x", "http://localhost:8000/x", ""],
    ["HTTPS://A.example", "HTTPS://A.example", ""],
    ["https://[::1]:8000/", "https://[::1]:8000/", ""],
    ["https://a.example...", "https://a.example", "..."],
    ["https://a.example?!", "https://a.example", "?!"],
    ["https://a.example/x — да", "https://a.example/x", " — да"],
    ["www.example.com,", "www.example.com", ","],
    ["<https://example.com>", "https://example.com", ""],
    ["mail me a@example.com", "a@example.com", "mail me "],
    ["a.b+c_d@mail.example.com.", "a.b+c_d@mail.example.com", "."],
    ["(почта@пример.рф)", "почта@пример.рф", "()"],
    ["<a@example.com>", "a@example.com", ""],
  ])("%s", (content, words, rest) => {
    const drawn = draw(content);
    expect(/<link [^>]*>(.*?)<\/>/.exec(drawn)?.[1]).toBe(words);
    expect(drawn.replace(/<link [^>]*>.*?<\/>/, "")).toBe(rest);
  });

  test.each([
    ["[a *b*](https://x.example)", "<link https://x.example/>a <emphasis>b</></>"],
    ['[a](https://x.example/(b) "title")', "<link https://x.example/(b)>a</>"],
    ["[a](<https://x.example>)", "<link https://x.example/>a</>"],
    ["![a](https://x.example)", "!<link https://x.example/>a</>"],
    ["[@bob](https://x.example)", "<link https://x.example/>@bob</>"],
    ["[a https://b.example](https://x.example)", "<link https://x.example/>a https://b.example</>"],
    ["[https://bank.example](https://evil.example/x)", "<link https://evil.example/x>https://evil.example/x</>"],
    ["*a [b* c](https://x.example)", "*a <link https://x.example/>b* c</>"],
  ])("%s", (content, expected) => expect(draw(content)).toBe(expected));

  test.each([
    "[x](javascript:alert(1))",
    "[x](/settings)",
    "[x](data:text/html,x)",
    "![x](javascript:1)",
    "[x](vbscript:x)",
    "javascript:alert(1)",
    "ftp://a.example",
    "https://",
    "https:// a",
    "www.",
    "xhttps://a.example",
    "a@b",
    "@a@b.example",
    "https://bank.example@evil.example",
    "[x](https://bank.example@evil.example)",
  ])("%s is none", (content) => expect(draw(content)).toBe(content));
});

describe("a text addresses", () => {
  test.each([
    ["@ada hello", ["ada"]],
    ["hello @Ada, @GRACE.", ["ada", "grace"]],
    ["(@ada) «@ada» **@ada** @ADA", ["ada"]],
    ["@анна-мария, @हिन्दी! @日本", ["анна-мария", "हिन्दी", "日本"]],
    ["@ＡＤＡ", ["ada"]],
    ["> @ada\n- @bob", ["ada", "bob"]],
    ["@ada/@bob", ["ada", "bob"]],
    ["# @ada", ["ada"]],
    ["`@ada` and ```\n@grace\n``` but @alan", ["alan"]],
    ["\\@ada and \\\\@bob", ["bob"]],
    ["[x](@ada)", ["ada"]],
  ])("%j the people it names", (content, names) => expect(mentionsOf(content)).toEqual({ names, everyone: false }));

  test.each([
    "https://h.example/@bob",
    "https://h.example/@everyone",
    "h.example/@bob",
    "www.h.example/@bob",
    "<https://h.example/@bob>",
    "[@bob](https://h.example)",
    "[x](https://h.example/@everyone)",
    "@bob@h.example",
    "bob@everyone.example",
    "mail@bob a@b @@x",
    "`@bob` ``@everyone``",
    "```\n@bob",
    "```\n@everyone\n```",
    "x ```@bob``` y",
    "> ```\n> @bob",
    "- ```\n  @everyone\n  ```",
    "||@bob||",
    "||\n> @everyone\n||",
    "||a\n\n@bob||",
    "\\@bob",
    "\\@everyone",
    "@",
    "@.",
    "@\u3164\u3164",
  ])("nobody in %j", (content) => expect(mentionsOf(content)).toEqual({ names: [], everyone: false }));

  test("everyone by the name for it", () => {
    expect(mentionsOf("@everyone and @ada")).toEqual({ names: ["ada"], everyone: true });
    expect(mentionsOf("@Everyone!").everyone).toBe(true);
  });

  test("no more people than anybody means", () => {
    const content = Array.from({ length: 500 }, (_, index) => `@u${index}`).join(" ");
    expect(mentionsOf(content).names).toHaveLength(50);
  });
});

describe("plain text", () => {
  test.each([
    ["**who** did it?\n||the butler||\n```\ncode\n```", "who did it? ▒▒▒▒ code"],
    ["||a\n\nb|| c", "▒▒▒▒ c"],
    ["||\n> a\n|| c", "▒▒▒▒ c"],
    ["> a\n- b\n1. c", "a b c"],
    ["[a](https://x.example) `**b**`", "a **b**"],
    ["hi @Ada", "hi @Ada"],
  ])("of %j", (content, expected) => expect(plainText(content)).toBe(expected));
});
