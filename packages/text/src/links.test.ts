import { describe, expect, test } from "vitest";
import { parseMessage } from "./parse-message.ts";
import { sketch } from "./testing/sketch.ts";

const draw = (content: string) => sketch(parseMessage(content));

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
    ["[https://a.example/b，", "https://a.example/b", "[，"],
    ["https://a.example/b۔", "https://a.example/b", "۔"],
    ["https://a.example/b។", "https://a.example/b", "។"],
    ["https://a.example/b｡", "https://a.example/b", "｡"],
    ["https://a.example/b։", "https://a.example/b", "։"],
    ["https://a.example/b።", "https://a.example/b", "።"],
    ["［https://a.example/b］", "https://a.example/b", "［］"],
    ["〔https://a.example/b〕", "https://a.example/b", "〔〕"],
    ["⟨https://a.example/b⟩", "https://a.example/b", "⟨⟩"],
    ["｢https://a.example/b｣", "https://a.example/b", "｢｣"],
    ["https://ja.wikipedia.org/wiki/ジョン・レノン", "https://ja.wikipedia.org/wiki/ジョン・レノン", ""],
    ["https://a.example🔥 да", "https://a.example", "🔥 да"],
    ["https://a.example/🔥", "https://a.example/🔥", ""],
    ["<mailto:a@example.com>", "a@example.com", ""],
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
    ["[a https://x.example/b](https://x.example)", "<link https://x.example/>a https://x.example/b</>"],
    ...[
      "a https://bank.example",
      "**https://bank.example**",
      "https\\://bank.example",
      "`https://bank.example`",
      "https:/\u200B/bank.example",
      "ｈttps://bank.example/вход",
      "www.bank.example",
    ].map((words) => [`[${words}](https://evil.example)`, "<link https://evil.example/>https://evil.example/</>"]),
    ["[https://bank.example](https://evil.example/x)", "<link https://evil.example/x>https://evil.example/x</>"],
    // Whose words hold no end of addresses shows where it leads to.
    [`[${"https://x.example/".repeat(200)}](https://x.example)`, "<link https://x.example/>https://x.example/</>"],
    ["*a [b* c](https://x.example)", "*a <link https://x.example/>b* c</>"],
  ])("%s", (content, expected) => expect(draw(content)).toBe(expected));

  test.each([
    "https://a.example,https://b.example",
    "https://a.example/x;https://b.example/y",
    "https://a.example|www.b.example",
  ])("%s are two", (content) => expect(draw(content).match(/<link /g)).toHaveLength(2));

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
