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
    ["*слово*м и 日本*強調*です", "<emphasis>слово</>м и 日本<emphasis>強調</>です"],
    ["한국*어*는 ไทย*นะ*ครับ", "한국<emphasis>어</>는 ไทย<emphasis>นะ</>ครับ"],
    ["**a**2 и (**2**)", "<strong>a</>2 и (<strong>2</>)"],
    ["_@bob_ __@bob__ *@bob*", "<emphasis><mention>bob</></> <strong><mention>bob</></> <emphasis><mention>bob</></>"],
    [
      "__www.a.example__ _https://a.example/a_",
      "<strong><link http://www.a.example/>www.a.example</></> <emphasis><link https://a.example/a>https://a.example/a</></>",
    ],
    // As typed
    ...["+", "-", "*", "#", ">", "1.", "- ", "+ ", "> ", "1. ", "---", "* * *", "- - -", "___"].map(same),
    ...[">_<", "-_-", "^_^ and ^_^", "*_* *_*", "._. ._.", "T_T", "o_O", ";_; ;_;", ">_< >_<", "¯\\_(ツ)_/¯"].map(same),
    ...["+1 за это", "+ согласен", ">text", "1) no", "-5 °C", "#1", "2021.", "a\n===="].map(same),
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
    ...[
      "5*3*2=30",
      "f*ck this sh*t",
      "бл*дь, ну и с*ка",
      "x*y и y*z",
      "d*mn*d",
      "x**2 + y**2",
      "(a+b)**2 - f(c)**2",
    ].map(same),
    ...[
      "\\(^_^)/",
      "\\(^o^)/ \\(*_*)/",
      "\\o/ \\m/",
      "^\\d+\\.\\d+$",
      "\\(x\\) \\+ \\-",
      "C:\\.git\\#x",
      "007. Бонд",
    ].map(same),
    ["\\> a\n\\- b\n1\\. c\n> \\- d", "> a⏎- b⏎1. c[quote - d]"],
    [
      "http\\://a.example www\\.a.example [a]\\(https://b.example)",
      "http://a.example www.a.example [a](<link https://b.example/>https://b.example</>)",
    ],
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
    ["10. a\n9. b\n8. c", "[list 10,9,8 [a][b][c]]"],
    ["1. a\n1. b\n0. c", "[list 1,1,0 [a][b][c]]"],
    ["1. Так: ```js\nf()\n```\n2. Потом", "[list 1 [Так:[code js: f()]][Потом]]"],
    ["- ```\n@bob\n``` и\n- b", "[list [[code @bob] и][b]]"],
    ["- \\```\na", "[list [```]]a"],
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
    "a_@bob_ b-@bob .@bob",
    "- x ```\n@bob\n```",
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
