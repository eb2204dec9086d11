# Экраны бота. Тексты сообщений — HTML; кнопки и всплывающие ответы — простой текст.
menu =
    <b>Holdfast рисует картинки по вашим словам.</b>
    Здравствуйте, { $name }. У вас { $balance }.

    Деньги списываются, только когда картинка готова.

menu-with-stars =
    <b>Holdfast рисует картинки по вашим словам и продаёт звёзды Telegram.</b>
    Здравствуйте, { $name }. У вас { $balance }.

    Деньги списываются, только когда картинка готова или звёзды доставлены.

button-menu = Меню
button-back = ‹ Назад
button-generate = Нарисовать картинку
button-recharge = Пополнить
button-balance = Баланс
button-history = История
button-settings = Настройки
button-help = Помощь
button-terms = Условия
button-support = Написать человеку
button-paysupport = Вопрос об оплате
button-app = Открыть приложение
button-language = Язык
button-invite = Пригласить друга
button-older = Раньше ›
button-newest = ‹ К новым
button-refresh = Обновить

# Баланс
balance = <b>Баланс: { $balance }</b>
balance-other = Ещё на балансе: { $amounts }
balance-held = Отложено на заказы в работе: { $amount }
bucket-paid = Куплено: { $amount }
bucket-free = Подарок: { $amount }
bucket-plan = По подписке: { $amount }
bucket-promo = Бонус: { $amount }
bucket-until = { $bucket }, до { $day }
button-operations = Все операции ›
operations = <b>Операции</b>
operations-none = Операций пока не было. Начните с пополнения.
operation =
    <b>{ $amount }</b> · { $title }
    <i>{ $at }</i>
operation-capture = Картинка
operation-credit = Пополнение
operation-transfer = Перевод
operation-reverse = Возврат
operation-expire = Срок истёк

# Настройки
settings =
    <b>Настройки</b>
    Язык: { $language }

    Ваше приглашение: { $invitation }
language = <b>Язык</b>
language-chosen = Теперь говорим по-русски.

# Помощь
help =
    <b>Что я умею</b>
    /generate: нарисовать картинку по словам или по вашим фото
    /buy_stars: звёзды Telegram для имени, например <code>/buy_stars 100 @durov</code>
    /premium: Telegram Premium для имени, например <code>/premium 3 @durov</code>
    /recharge: пополнить баланс, например <code>/recharge 300</code> или <code>/recharge 5 TON</code>
    /balance: сколько у вас и на что ушло
    /history: ваши заказы
    /settings и /language: как мне говорить
    /support: написать человеку
    /paysupport: вопросы об оплате
    /terms: условия
    /cancel: выйти из того, что начали

    Можно и просто написать, что нарисовать, или прислать фото.
terms =
    <b>Условия</b>
    Кредитами оплачивают картинки. При заказе они откладываются и списываются, только когда картинка готова; иначе сразу возвращаются.
    Купленные кредиты не сгорают. За неиспользованное пополнение можно попросить деньги назад: /paysupport.
    Ваши тексты и фото нужны только для ваших картинок и не публикуются. Фото хранятся один день.
    Не заказывайте того, что запрещено законом или вредит реальным людям: такие заказы отклоняются и ничего не стоят.

# Поддержка
support =
    <b>Написать человеку</b>
    Напишите вопрос одним сообщением. Его прочитает человек и ответит здесь.
paysupport =
    <b>Вопрос об оплате</b>
    Напишите одним сообщением, что случилось: когда платили, сколько и чего не хватает. Мы посмотрим сам платёж и ответим здесь. Поддержка Telegram с этим помочь не может.
support-taken = Спасибо. Сообщение у человека; ответим здесь.

# Прочее
cancel-done = Вышли. Ничего не заказано.
cancel-nothing = Выходить неоткуда.
unknown-command = Такой команды нет. Что я умею, покажет /help.
unknown-message = Я понимаю текст и фото. Напишите, что нарисовать, или выберите в меню.
account-closed = Этот аккаунт закрыт. Если это ошибка, напишите нам через наш сайт.
error-passing = У нас что-то сломалось. Дважды ничего не спишется; мы пробуем ещё раз сами.
error-passing-short = У нас что-то сломалось; пробуем ещё раз.
too-fast = Слишком быстро, я не успеваю. Последнее я не выполнил, деньги не двигались. Продолжайте через { $seconds } с.
too-fast-tap = Слишком быстро: это нажатие ничего не сделало, деньги не двигались. Продолжайте через { $seconds } с.
too-many-orders = Слишком много заказов за минуту. Этот не сделан, ничего не списано. Нажмите ещё раз через { $seconds } с.
unavailable = Сейчас не получается. Попробуйте через минуту.
expired = Эта кнопка устарела. Вот новая.
already-ordered = Уже заказано: это одна покупка.

# Способы оплаты
provider-yookassa = Карта или СБП
provider-heleket = Криптовалюта
provider-stars = Звёзды Telegram
provider-telegram-card = Карта в Telegram
