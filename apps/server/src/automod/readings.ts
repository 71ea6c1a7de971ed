/** What each code of a folded text is read as; 0 where it stands for no letter of the alphabet. */
export type Reading = Uint16Array;

const codes = 0x2100;

/** `pairs`: characters and what they are read as, alternately. */
function reading(keeps: string, ...pairs: readonly string[]): Reading {
  const table = new Uint16Array(codes);
  for (const character of keeps) table[character.charCodeAt(0)] = character.charCodeAt(0);
  for (const text of pairs) {
    for (let at = 0; at + 1 < text.length; at += 2) table[text.charCodeAt(at)] = text.charCodeAt(at + 1);
  }
  return table;
}

const latin = "abcdefghijklmnopqrstuvwxyz";
const russian = "абвгдежзиклмнопрстуфхцчшщъыьэюя";
const digits = "0123456789";

/** Latin letters by the Cyrillic ones that they look like, in print or by hand. */
const shapes = "aаbвcсdдeеfфgдhнiиjиkкlлmмnпoоpрqкrгsсtтuиvвwшxхyуzз";
/** By their sounds. */
const sounds = "aаbбcкdдeеfфgгhхiиjиkкlлmмnнoоpпqкrрsсtтuуvвwвxхyуzз";
/** As people mix both. */
const mixed = "aаbьcсdдeеfфgгhнiиjиkкlлmмnнoоpрqкrрsсtтuиvвwшxхyуzз";
/** By handwriting and italics. */
const script = "aаbвcсdдeеfфgдhнiиjиkкlлmтnпoоpрqкrгsсtтuиvвwшxхyуzз";
const russianDigitShapes = "0о1и3з4ч5с6б7т8в9д@а$с€е!и|и+т";
const russianDigitSounds = "0о1и3е4а5с6б7т8в9я@а$с€е!и|л+т";
const latinDigits = "0o1i3e4a5s6g7t8b9g@a$s€e!i|l+t";
const latinDigitsToo = "0o1l3e4a5s6b7t8b9q@a$s€e!l|i+t";
const latinShapes = "аaбbвbгrдdеeзeиuкkлlмmнhоoпnрpсcтtуyхxчhшwщwьbюuяr";
/** As `latinShapes`, with the letters whose sound is more common than their shape. */
const latinSounds = "аaбbвvгgдdеeзzиiкkлlмmнnоoпpрrсsтtуuфfхhшwщwьbыyэeяr";

/** The text as it is. */
export const plain = reading(latin + russian + digits);

const inRussian = (letters: string, numbers: string) => reading(russian, letters, numbers);
const inLatin = (letters: string, numbers: string) => reading(latin, letters, numbers);

export const readings = {
  /** Of Cyrillic and Latin letters together. */
  russian: [shapes, sounds, mixed, script].map((letters) => inRussian(letters, russianDigitShapes)),
  /** As well, where there are digits or signs. */
  russianLeet: [shapes, sounds, mixed].map((letters) => inRussian(letters, russianDigitSounds)),
  latin: [latinShapes, latinSounds].map((letters) => inLatin(letters, latinDigits)),
  latinLeet: [latinShapes, latinSounds].map((letters) => inLatin(letters, latinDigitsToo)),
  /** Of words in Latin letters only that all look like Cyrillic ones, and the other way round. */
  russianTwins: reading("", "aаbвcсeеhнkкmмnпoоpрrгtтuиxхyу", "0о3з4ч6б"),
  latinTwins: reading("", "аaвbеeкkмmнhоoрpсcтtуyхxиuгrпn", "0o1i3e4a5s"),
  /** Of words in Latin letters as Russian by their sounds. */
  transliterated: reading("", sounds, russianDigitSounds),
} as const;
