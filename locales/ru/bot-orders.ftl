# Пополнения
recharge =
    <b>Пополнение</b>
    У вас { $balance }. Выберите пакет:
recharge-no-pack = Для этого пакета нет. Вот все, что есть:
pack =
    <b>{ $title }</b>
    Выберите, как платить. Сама оплата — следующим шагом.
button-buy = { $provider } · { $price }
payment-creating =
    <b>{ $title } за { $price }</b>
    Готовим платёж: { $provider }. Деньги не списаны.
payment-awaiting =
    <b>{ $title } за { $price }</b>
    💳 Ссылка для оплаты готова. Оплатите по кнопке ниже: { $provider }. Баланс пополнится сам через мгновение.
payment-until = Ссылка работает до { $at }.
payment-credited =
    <b>{ $title } за { $price }</b>
    Оплачено и зачислено: { $provider }. Спасибо.
payment-over =
    <b>{ $title } за { $price }</b>
    Это пополнение закончено: { $provider }.
payment-attention =
    <b>{ $title } за { $price }</b>
    Этот платёж смотрит человек: { $provider }. Пожалуйста, не платите второй раз.
payment-came-more = Пришло больше, чем вы заказывали ({ $title } за { $price }), поэтому и зачислено больше.
payment-came-less = Пришло меньше, чем вы заказывали ({ $title } за { $price }), поэтому и зачислено меньше.
payment-part = Пришло { $received } из { $price }; ждём ещё { $rest }.
payment-part-over = Пришло { $received } из { $price }. Эти деньги будут зачислены.
payment-not-yet = Платёж ещё не пришёл. Обычно это меньше минуты.
button-pay = Оплатить { $price }
button-paid = Я оплатил
button-give-up = Отказаться

topup-failure-provider-refused = Платёж не удалось создать. Деньги не списаны.
topup-failure-payment-canceled = Платёж отклонён, отменён или не пришёл в срок. Если вы всё же заплатили, деньги будут зачислены.
topup-failure-canceled-by-user = Вы отказались. Если всё же заплатили, деньги будут зачислены.
topup-failure-not-paid-in-time = Платёж не пришёл вовремя. Если вы заплатили, деньги будут зачислены.
topup-failure-amount-mismatch = Сумма не та, что была запрошена, поэтому деньги пока не зачислены.
topup-failure-wrong-shop = Платёж ушёл другому магазину, поэтому деньги пока не зачислены.
topup-failure-wrong-reference = Платёж относится к другому заказу, поэтому деньги пока не зачислены.
topup-failure-test-payment-in-live-mode = Это был тестовый платёж, поэтому деньги не зачислены.
topup-failure-held-by-provider = Платёж задержан для проверки. Деньги придут, когда его отпустят; не платите ещё раз.
topup-failure-payment-returned = Платёж вернулся к вам, поэтому деньги не зачислены.
topup-failure-unresolved = Само собой это не завершилось, поэтому деньги пока не зачислены.

# Рисование
models = <b>Какая модель?</b> Цена за одну картинку.
button-model = { $title } · { $price }
button-models = Модели
prompt =
    <b>{ $model }</b> · { $price }
    Напишите своими словами, что нарисовать.
prompt-photos = Можно прислать до { $max ->
        [one] { $max } фотографии
       *[other] { $max } фотографий
    }, чтобы рисовать по ним.
prompt-photos-needed = Эта модель работает с вашей фотографией: пришлите { $max ->
        [1] её
       *[other] одну или до { $max }
    }, затем напишите, что изменить.
prompt-kept = Нарисовать: <i>{ $prompt }</i>
photos-kept = { $count ->
        [one] { $count } фотография для работы.
        [few] { $count } фотографии для работы.
       *[other] { $count } фотографий для работы.
    }
photos-of = Фотографий: { $count } из { $max }.
button-ratio = Форма: { $ratio }
button-no-photos = Убрать фотографии
ratios = <b>Форма картинки</b>, ширина к высоте:
photo-not-taken = Эта модель не берёт фотографий. Выберите для них другую.
photo-too-many = { $max ->
        [one] Эта модель берёт { $max } фотографию.
        [few] Эта модель берёт { $max } фотографии.
       *[other] Эта модель берёт { $max } фотографий.
    }
photo-too-big = Фотография больше 5 МБ. Пришлите поменьше.
photo-unreadable = Этот файл не читается как картинка. Подходят PNG, JPEG и WebP.
photo-quota = У вас уже слишком много фотографий. Через день они уйдут.
photo-not-fetched = Telegram не отдал фотографию. Пришлите её ещё раз.
confirm =
    <b>Рисуем?</b>
    <blockquote>{ $prompt }</blockquote>
confirm-model = Модель: { $model }
confirm-ratio = Форма: { $ratio }
confirm-photos = Фотографий: { $count }
confirm-price = Это стоит <b>{ $price }</b>; останется { $after }. Если картинка не придёт, всё сразу вернётся.
confirm-short = Это стоит <b>{ $price }</b>, а у вас { $balance }: не хватает { $missing }. Ничего не списано.
button-draw = Нарисовать за { $price }
button-edit-prompt = Изменить слова
refused-prompt-too-long = Здесь { $count } знаков, а { $model } берёт { $max }. Сократите, пожалуйста: написанное выше сохранилось.
refused-too-many-images = { $model } берёт не больше { $max } фотографий.
refused-images-required = { $model } работает с фотографией. Пришлите её; ваши слова сохранены.
refused-option = { $model } этого больше не предлагает. Выберите заново; ваши слова сохранены.

# Заказ в работе
status-queued =
    <b>В очереди</b>
    <i>{ $prompt }</i>

    Отложено: { $price }. Заказ ещё можно вернуть.
status-place = { $place } в очереди.
status-place-far = Впереди больше { $count } заказов.
status-drawing =
    <b>Рисуем…</b>
    <i>{ $prompt }</i>
status-progress =
    <b>Рисуем… { $percent } %</b>
    { $bar }
    <i>{ $prompt }</i>
status-succeeded =
    <i>{ $prompt }</i>

    Списано: { $charged }
status-failed =
    <b>Не нарисовано</b>
    <i>{ $prompt }</i>
status-canceled =
    <b>Заказ возвращён</b>
    <i>{ $prompt }</i>

    Вернули: { $price }
status-attention =
    <b>Разбираемся</b>
    <i>{ $prompt }</i>

    Мы не смогли узнать, что стало с этим заказом. Кредиты отложены и в безопасности; решит человек, и мы напишем сюда.
returned = Вернули: { $amount }
button-take-back = Вернуть заказ и { $price }
take-back-canceled = Заказ возвращён, кредиты снова у вас.
take-back-already-submitted = Картинку уже рисуют. Если она не придёт, кредиты вернутся.
take-back-already-finished = Заказ уже завершён.
take-back-not-found = Такого заказа нет.
take-back-temporarily-unavailable = Сейчас не получается. Попробуйте через минуту.

generation-failure-insufficient-funds = Кредитов не хватило. Ничего не списано; пополните баланс и закажите снова.
generation-failure-provider-refused = Модель отказалась от этого заказа. Другая может взять.
generation-failure-prompt-refused = Модель отказалась от этих слов. Измените их и закажите снова.
generation-failure-generation-failed = Модель не смогла это нарисовать. Закажите снова или измените слова.
generation-failure-provider-unavailable = Модель сейчас недоступна. Закажите позже.
generation-failure-no-answer = Модель не ответила вовремя. Если картинка всё же придёт, она ничего не будет стоить.
generation-failure-result-unavailable = Картинку не удалось получить. Закажите снова.
generation-failure-input-image-gone = Срок фотографии истёк. Пришлите её и закажите снова.
generation-failure-canceled-by-user = Вы вернули заказ.
generation-failure-outcome-unknown = Мы не смогли узнать, что с ним стало. Этим занимается человек.

# Результаты и история
button-again = Ещё раз
button-file = Скачать оригинал
button-input = Взять за основу
button-open-result = Открыть
button-prompt = Все слова
result =
    <i>{ $prompt }</i>

    { $model } · списано: { $charged } · { $at }
result-gone = Этой картинки больше нет.
history =
    <b>Ваши заказы</b>
    С { $from } по { $to }. Выберите:
history-day =
    <b>Ваши заказы</b>
    { $day } Выберите:
history-none = Здесь пока пусто. До первой картинки — одно сообщение.
history-stars = { $what } для @{ $username }
history-ordered = <i>Заказано { $at }</i>
order-accepted = ждёт
order-refused = не заказано
order-reserved = ждёт
order-submitted = рисуем
order-running = рисуем
order-failed = не нарисовано
order-canceled = возвращено
order-needs-attention = разбираемся

# Новости
notice-topup-credited =
    <b>✅ Баланс пополнен!</b>
    Зачислено: { $amount }
    У вас { $balance }.
notice-topup-canceled = Пополнение «{ $title }» закончено.
notice-topup-expired = Время оплаты «{ $title }» вышло.
notice-topup-attention = Ваш платёж за «{ $title }» смотрит человек. Пожалуйста, не платите второй раз; мы напишем сюда.
notice-topup-refunded = <b>Вернули вам: { $amount }</b>
notice-topup-taken-back = С баланса снято: { $credits }.
notice-generation-succeeded =
    <b>Картинка готова</b>
    <i>{ $prompt }</i>

    Списано: { $charged }
notice-generation-late =
    <b>Картинка пришла с опозданием</b>
    <i>{ $prompt }</i>

    Кредиты уже вернулись; она ничего не стоит.
