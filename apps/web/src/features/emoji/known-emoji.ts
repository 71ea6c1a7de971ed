/**
 * The emoji that people use most, most used first, after the frequencies that the Unicode Consortium published
 * (https://home.unicode.org/emoji/emoji-frequency/), with those that chats add: a search shows them before the others.
 */
const mostUsed =
  "😂 ❤️ 🤣 👍 😭 🙏 😘 🥰 😍 😊 🎉 😁 💕 🥺 😅 🔥 ☺️ 🤦 ♥️ 🤷 🙄 😆 🤗 😉 🎂 🤔 👏 🙂 😳 🥳 😎 👌 💜 😔 💪 ✨ 💖 👀 😋 😏 😢 👉 💗 😩 💯 " +
  "🌹 💞 🎈 💙 😃 😡 💐 😜 🙈 🤞 😄 🤤 🙌 🤪 ❣️ 😀 💋 💀 👇 💔 😌 💓 🤩 🙃 😬 😱 😴 🤭 😐 🌞 😒 😇 🌸 😈 🎶 ✌️ 🎊 🥵 😞 💚 ☀️ 🖤 💰 😚 " +
  "👑 🎁 💥 🙋 ☹️ 😑 🥴 👈 💩 ✅ 👋 🤮 😤 🤢 🌟 ❗ 😥 🌈 💛 😝 😫 😲 👎 🚀 🌻 🤯 💃 👊 🤬 🏃 😕 ⚡ ☕ 🍀 💦 ⭐ 🦋 🤨 🌺 😹 🤘 🌷 💝 💤 🤝 🐰 " +
  "😓 💘 🍻 😟 😣 🧐 😠 🤠 😻 🌙 😛 🤙 🙊 ❌ ⚠️ ❓ 💡 🐱 🐶 🍕 🍺 🎮 🎵 📌 🐛 👻 🤖 🫡 🫠 👆 ⏰ 🎄 ❄️";

const places = new Map(mostUsed.split(" ").map((emoji, place) => [bare(emoji), place]));

/** Place among the most used emoji, 0 for the most used; infinite for an emoji that is not among them. */
export function popularityOf(emoji: string): number {
  return places.get(bare(emoji)) ?? Number.POSITIVE_INFINITY;
}

/** Without variation selectors, which differ between sources. */
function bare(emoji: string): string {
  return emoji.replaceAll("\uFE0F", "");
}
