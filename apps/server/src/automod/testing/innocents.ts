/** Messages that meet no rule of `triggers`, one a line unless they hold several. */
const russian = `
Привет всем!
Доброе утро, как спалось?
Кто сегодня вечером играет?
Я буду через пять минут
Опаздываю, начинайте без меня
Спасибо большое за помощь
Да ладно, серьёзно?
Ну и погода сегодня
Кажется, у меня пропал интернет
Скинь, пожалуйста, ссылку
А где лежит документ?
Это очень спорный вопрос
Он упорный, добьётся своего
Бесспорно, ты прав
Топорная работа, если честно
Опорный пункт закрыт до понедельника
Запорный кран сломался
Напорный клапан стоит слева
Ты слишком упорно споришь
Спорная тема, давайте потом
Он спорит ради спора`;

const russianMore = `
Мы идём от метро пешком
Иди от двери подальше
Куда иди, от кого иди?
Найди от него записку
Он иди, от меня не отходи
Посмотри лохматую собаку
Собака лохматая, но добрая
Лохматый кот спит на диване
Голова раскалывается
Лохань стоит в бане
Разлохматились волосы
Полох прошёл по лесу
Всполохи на небе
Оплохел что-то наш сервер
Плохо спал, голова болит
Неплохо получилось
Плохая погода для прогулки
Она неплохая, просто устала
Дебит скважины вырос
Дебют удался
Ребилдинг закончен
Дебаты были скучные
Поспам? Нет, поспать
Спать пора
Спасли котёнка
Спаржа сегодня дешёвая
Спала до обеда
Компас не показывает север
Наркоз отошёл только к вечеру
Наркоз был общий
Нарком вошёл в кабинет
Архаика какая-то
Казна пустует
Казначей ушёл в отпуск
Казак сел на коня
Указ подписали вчера
Показалось, наверное
Сказано — сделано
Казань — красивый город
Казахстан рядом
Кино и казаки, отличный фильм
Ставки по вкладам опять снизили
Ставка двадцать процентов
Поставки на склад идут
Спорт полезен
Делаю ставку на синих
Люблю спорт и прогулки
Приставка сломалась
Заставки на рабочий стол красивые
Говорил же я тебе
Говорят, завтра снег
Заговорили одновременно
Говядина тушёная
Уговор дороже денег
Говор у них забавный
Выговор получил ни за что
Праздник удался
Приду, рок послушаем
Приду рок-концерт смотреть
Придумал новый способ
Придурь у каждого своя, но не об этом
Природа просыпается
Идиллия, да и только
Идиома интересная
Идея хорошая
Идите сюда
Кейс на сто рублей
Перевод готов
Поменял масло в машине
У меня вопрос по алгебре
Дискриминант отрицательный, корней нет
Интеграл берётся по частям
Матрица вырождена
Мать звонила, передаёт привет
Мат в три хода
Матовая плёнка лучше
Кто разбирается в Линуксе?
Обнови драйвер и перезагрузи
Ошибка 404, страница не найдена
Сервер упал, поднимаю
Пинг девяносто, играть можно
Пересобери проект и проверь
Ветку влили в главную
Ревью пройдено, вливай
Тесты зелёные
Тест упал в третий раз, странно
В логах пусто
Память течёт где-то в кэше
Откатил на вчерашнюю версию
Завтра созвон в десять
Созвон переносится на одиннадцать
Отпишусь после обеда
Сделаю до пятницы
Не успеваю, помогите
Отличная работа, команда!
Ура, получилось!
Ха-ха, смешно
хахаха
ахахахахаха
Ааааа, поняла
Мммм, вкусно
Ого!!!
Нууу, не знаю
Даааа, хорошо
Неееет, только не это
ооооочень хочу спать
Что-то где-то когда-то
Кое-кто опять опоздал
Из-за дождя сижу дома
Чёрно-белое кино люблю
Как-нибудь увидимся
По-моему, так лучше
И т. д. и т. п.
Т. е. завтра не придёшь?
в т. ч. налог
г. Москва, ул. Ленина, д. 5
А. С. Пушкин родился в 1799 году
Л. Н. Толстой написал «Войну и мир»
а) первое б) второе в) третье
а, б, в, г, д — варианты ответа
А Б В Г Д Е
я и ты, и он, и мы
и я, и ты, и все мы тут
ну да, ну да
да я не о том
то да сё
ни то ни сё
на ко ни в тебе
вы не на ту кнопку жмёте
да ну его
не я, а он
он и я
мы с ним в кино
я в доме, а он у ворот
с утра и до ночи
о чём ты?
К обеду буду
О, привет!
У нас всё хорошо
В 5 утра вставать
В 18:30 у входа
Буду в 7, не позже
3 дня осталось
4 человека в команде
5 лет прошло
100 рублей за билет
Скидка 50 %
2 + 2 = 4
x = 5, y = 7
Курс 92,35
Тел. 8 800 555 35 35
Паспорт 4510 123456 не показывайте никому
Версия 2.0.1 вышла
ГОСТ 7.32-2017
СССР распался в 1991 году
США и РФ
МГУ или МФТИ?
НИИ ЧАВО
ОК
ЛОЛ
КПД 90 %
ВУЗ и ЗОЖ
ЖКХ опять отключило воду
МЧС предупреждает о ветре
ЕГЭ по русскому завтра
Сдал ОГЭ на отлично
Кот сидит на окне
Собака просится гулять
Купил хлеб и молоко
Борщ удался
Пельмени или вареники?
Чай или кофе?
Пицца едет
Суп стынет
Торт просто бомба
Рецепт скину позже
Картошка, морковь, лук, соль
Яблоки по акции
Сыр кончился
Мёд свежий
Поехали на дачу
Клубника созрела
Снег пошёл
Дождь льёт третий день
Солнце вышло
Мороз и солнце, день чудесный
Осень наступила
Новый год скоро
С днём рождения!
Поздравляю от души
Желаю счастья и здоровья
Держись, всё будет хорошо
Обнимаю
Скучаю
До завтра
Спокойной ночи
Пока-пока
Увидимся в выходные
Во сколько фильм?
Билеты купил, ряд седьмой
Концерт перенесли
Группа играла два часа
Гитара расстроена
Барабаны громкие
Слушаю джаз
Книга интересная
Читаю детектив
Роман длинный, но хороший
Поэма о любви
Автор молодец
Картина висит криво
Музей закрыт
Выставка до мая
Рисую акварелью
Фото классные
Камера не фокусируется
Объектив пятьдесят миллиметров
Велосипед починил
Поезд опаздывает
Самолёт в шесть утра
Автобус не пришёл
Метро закрыли на ремонт
Такси дорого
Пробки десять баллов
Дорога скользкая
Заправка за углом
Ключи забыл
Телефон разрядился
Зарядка где?
Наушники потерял
Мышка не работает
Клавиатура громкая
Монитор мерцает
Ноутбук греется
Принтер не печатает
Пароль забыл, сбросьте
Почта не приходит
Диск переполнен
Бэкап сделан
Файл отправил
Архив открылся
Таблица готова
Презентация на двадцать слайдов
Отчёт сдал
Зарплата пришла
Отпуск в июле
Море тёплое
Горы красивые
Лес рядом
Река разлилась
Рыба не клюёт
Грибы пошли
Комары замучили`;

const english = `
Good morning everyone
How was your weekend?
See you tomorrow
Thanks a lot!
I'll be there in five minutes
Running late, start without me
No problem at all
That sounds great
Can you send me the document?
The documents are in the shared folder
Documentation is out of date
Cucumber salad for lunch
Cucumbers and tomatoes
Under the circumstances I'd wait
Circumference equals two pi r
Circumvent the issue with a flag
The snow accumulates quickly
Accumulated errors are small
The incumbent won again
He succumbed to the flu
Cumulative sum of the column
Cumulus clouds over the hills
She graduated summa cum laude
Cumbersome but it works
My class starts at nine
The class passed the test
Glasses are on the table
Grass is green after rain
Brass band in the park
Mass times acceleration
Assume nothing
Assess the damage first
Assign it to me
An assistant will help you
Assembly language is fun
Assets are compiled
Bass guitar for sale
Compass points north
Embassy is closed today
Passage is blocked
Passport renewed
Password was changed
Passing all tests
Harassment is not tolerated here
Assassin's Creed is on sale
Ambassador arrived
Massachusetts is cold in winter
Scampi for dinner
The dog scampered away
Scamp is my cat's name
Popcorn is ready
Acorn on the ground
Unicorn emoji please
Corn on the cob
The boat is at its moorings
More on that later
Tell me more on Monday
More or less
No more on the shelf
Idiom of the day
Idiomatic code is nice
Idiosyncratic style
Casing is made of steel
Cascading style sheets
Case in point
In case I no longer can
Cash in on it
Casual Friday
Via Grande is a street
Via email, please
Niagara falls
Go via Graz
Free as in beer
Nitro cold brew is free today, no kidding
Nitrogen is a gas
Free parking nearby
Set it free
Buy one get one
Betting on the weather
Sports day at school
Best of luck
Happy birthday!
Congratulations
Well done team
LGTM
Ship it
WIP
TODO: rename this
FYI the build is red
ASAP please
IMHO it's fine
AFK for ten minutes
BRB
GG WP
GLHF
NASA launched a rocket
HTTP over TLS
The USA and the UK
I live in the UK
OK then
WOW
YES!
Nooooo
Yessss
Sooooo good
Hahahaha
lol
hmmmm
aww
Mississippi
bookkeeper
committee meeting
address book
The possession arrow
Successful assessment
Aggressive cell growth
Balloon and coffee
Tomorrow's committee
A B C D E F G
a b c
I a m not sure
e.g. this one
i.e. that one
U.S.A. is far
Ph.D. student
p.s. I love it
a.m. or p.m.
Mr. and Mrs. Smith
Dr. House M.D.
J. R. R. Tolkien wrote it
C. S. Lewis too
No. 5 is alive
Section 3.2.1
v1.2.3 released
3D printing
4K video
5G network
802.11ac
H264 and AV1
mp3 or mp4
x86 or arm64
utf8 vs utf16
sha256 of the file
base64 encoded
ipv4 and ipv6
b2b and b2c
i18n and l10n
k8s cluster
a11y matters
2nd place
1st in class
21st century
5 o'clock tea
R2D2 and C3PO
COVID19 test
Windows95 was fun
area51 raid
catch22
route66
10x engineer
100k users
$5 for a coffee
£20 each
€15 per hour
10$ off
cost: $100
a@b
mail me at anna@example.org
ping @anna
@anna @boris look
@anna, can you check?
#general is over there
C++ and C#
R & D
AT&T
Q&A at five
rock 'n' roll
24/7 support
and/or
he/she/they
n/a
w/o sugar
1/2 cup
50/50
km/h
TCP/IP
on/off
yes/no
read/write
input/output
client/server
pass/fail`;

const mixed = `
Wi-Fi опять не работает
Поставил VPN, всё летает
VPNом пользуюсь редко
IT-отдел переехал
Новый iPhone вышел
Айфон разрядился, пишу с MacBook
PDF-файл не открывается
Скинь PDFку
SMS пришла
SMSка с кодом
HR-менеджер звонила
email отправил
e-mail не дошёл
online-школа
offline до вечера
web-сайт готов
USB-кабель нужен
SSD на 1 ТБ
GPU греется
CPU на 100 %
RAM 16 ГБ
Android 15 обновился
Python или Java?
JavaScript люблю
TypeScript строже
SQL-запрос долгий
JSON не парсится
Docker не стартует
git push не проходит
merge в main
pull request открыл
deploy в пятницу
code review сделал
stand-up через 5 минут
daily отменили
deadline завтра
meeting перенесли
feedback хороший
Zoom или Meet?
YouTube тормозит
Telegram лежит
Discord обновился
Steam-распродажа
PS5 в наличии
Xbox Series X
Nintendo Switch 2
Counter-Strike 2
Dota 2 сегодня?
LoL или Dota?
FPS просели
GG, хорошая игра
AFK 5 мин
лол, ok
имхо, OK
ASUS vs MSI
H2O — это вода
CO2 растёт
pH 7
5 km, 20 min
t° +25
20 °C
№ 5
§ 3
Иван Ivanov
Hello, мир
Привет, world
Спасибо, thanks, merci
Café в центре
naïve подход
résumé отправил
Zürich красивый
São Paulo далеко
Ελλάδα — это Греция
Київ і Львів
Україна
қазақ тілі
日本語を勉強しています
中文很难
한국어 공부
עברית
العربية
ภาษาไทย
Þórshöfn
smörgåsbord
Ça va?
¿Qué tal?`;

const special: readonly string[] = [
  "`const a = b ? c : d;`",
  "`assert(x === 1)`",
  "`class Foo extends Bar {}`",
  "```ts\nexport function sum(a: number, b: number): number {\n  return a + b;\n}\n```",
  "```\nfor (let i = 0; i < n; i++) console.log(i);\n```",
  "```py\nassert isinstance(x, int)\n```",
  "`SELECT * FROM USERS WHERE NAME = 'ANNA' ORDER BY CREATED_AT`",
  "`DROP TABLE IF EXISTS EXAMPLES;`",
  "`MAX_CONNECTIONS_PER_ADDRESS=20`",
  "`#define MAX(a, b) ((a) > (b) ? (a) : (b))`",
  "`a.b.c.d()`",
  "`x.y.z = 1`",
  "foo.bar.baz is undefined",
  "this.props.children",
  "std::vector<int> v;",
  "int main() { return 0; }",
  "a[i][j] += b[i][k] * c[k][j]",
  "!a && b || c",
  "i++ + ++i",
  "git rebase -i HEAD~3",
  "npm run check -- --fix",
  "ssh user@192.168.0.1",
  "ping 127.0.0.1",
  "d41d8cd98f00b204e9800998ecf8427e",
  "da39a3ee5e6b4b0d3255bfef95601890afd80709",
  "550e8400-e29b-41d4-a716-446655440000",
  "dGhpcyBpcyBhIHRlc3Q=",
  "0xDEADBEEF",
  "#ff5733",
  "C:\\Users\\anna\\Documents",
  "/usr/local/bin/node",
  "src/main.ts",
  "see README.md",
  "main.rs and lib.rs",
  "node.js 24",
  "index.html",
  "photo.jpg",
  "backup.zip",
  "script.py",
  "run.sh",
  "package.json",
  "v2.0.0-rc.1",
  "1.2.3.4",
  "https://github.com/nodejs/node/issues/1",
  "https://www.youtube.com/watch?v=dQw4w9WgXcQ",
  "https://ru.wikipedia.org/wiki/Кот",
  "https://example.com/a?b=c&d=e#f",
  "example.org",
  "http://localhost:8000",
  "https://docs.example.org/rules",
  "yandex.ru и mail.ru",
  "госуслуги.рф",
  "not-a-shop.run is closed",
  "https://discord.com/channels/1/2/3",
  "https://discord.com/blog",
  "наш сервер: discord.gg/friends",
  "t.me/durov",
  "https://t.me/durov/100",
  "gg, discord упал",
  "Discord, GG!",
  ":)",
  ":-)",
  ":D",
  "xD",
  "XD",
  ";-)",
  "¯\\_(ツ)_/¯",
  "(╯°□°)╯︵ ┻━┻",
  "ʕ•ᴥ•ʔ",
  "<3",
  "o_O",
  "^_^",
  "T_T",
  "-_-",
  "=)",
  ")))",
  "))))))",
  "((((",
  "!!!",
  "???",
  "...",
  "+1",
  "👍",
  "👍🏽",
  "😂😂😂",
  "🎉🎉🎉🎉🎉",
  "❤️❤️❤️",
  "👨‍👩‍👧‍👦👨‍👩‍👧‍👦",
  "🇷🇺🇺🇸",
  "©️ 2026 ™️",
  "→ ← ↑ ↓",
  "★★★★☆",
  "1️⃣ 2️⃣ 3️⃣",
  "✅ готово",
  "☑️ done",
  "🔥🔥🔥 ого",
  "| a | b |\n| - | - |\n| 1 | 2 |",
  "- раз\n- два\n- три",
  "1. один\n2. два\n3. три",
  "> цитата\nответ",
  "# Заголовок",
  "||спойлер||",
  "~~зачёркнуто~~",
  "**важно**",
  "*курсив*",
  "ха ха ха",
  "да да да да",
  "нет нет нет",
  "no no no no no",
  "ня ня ня",
  "тук тук",
  "Очень длинное сообщение о том, как мы ездили на дачу, собирали яблоки, варили варенье, топили баню, а вечером сидели у костра, пели песни под гитару и смотрели на звёзды, и было так хорошо, что уезжать не хотелось.",
  "The quick brown fox jumps over the lazy dog while the other dogs sleep and the cat watches the birds on the roof of the old house near the river, which was quiet and slow that morning.",
  "Съешь же ещё этих мягких французских булок, да выпей чаю",
  "1234567890",
  "3.14159265358979",
  "2026-11-29T08:00:00Z",
  "12:30–13:45",
  "+7 (495) 123-45-67",
  "ISBN 978-3-16-148410-0",
  "A1B2C3",
  "qwerty",
  "йцукен",
  "asdf",
  "тест",
  "test 123",
  "WebRTC и SFU",
  "WebSocket закрылся с кодом 1006",
  "HTTPS и HTTP/2",
  "macOS и iOS",
  "McDonald's закрыли",
  "eBay и PayPal",
  "LaTeX лучше Word",
  "DarkKnight2007 зашёл",
  "xX_Dragon_Xx привет",
  "Anna_Boris-77",
  "user.name",
  "ООО «Ромашка»",
  "ИП Иванов И. И.",
  "т.к. занят",
  "и.о. директора",
  "к.т.н.",
  "д.5 к.2 кв.10",
  "10 ₽ или 1 $",
  "а/м, б/у, х/б",
  "с/х техника",
  "о'кей",
  "Жанна д'Арк",
];

const lines = (text: string) => text.split("\n").filter((line) => line !== "");

export const innocents: readonly string[] = [russian, russianMore, english, mixed].flatMap(lines).concat(special);
