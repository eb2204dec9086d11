# Звёзды и Premium
button-stars = Звёзды
stars-premium = Premium на { $months ->
        [one] { $months } месяц
        [few] { $months } месяца
       *[other] { $months } месяцев
    }
stars =
    <b>Звёзды Telegram и Premium</b>
    Себе или любому, у кого есть имя пользователя; оплата с баланса, на нём { $balance }.

    Сколько звёзд? Выберите или напишите число: от { $min } до { $max }. Ниже можно выбрать Premium.
premium =
    <b>Telegram Premium</b>
    Себе или любому, у кого есть имя пользователя; оплата с баланса, на нём { $balance }.

    На какой срок?
premium-months-refused = На такой срок Premium не продаётся. Выберите один из тех, что ниже. Ничего не списано.
stars-for = Получатель: @{ $username }.
stars-command-refused = Не разобрать: «{ $text }». Пишите число и имя пользователя, например <code>/buy_stars 100 @durov</code>.
premium-command-refused = Не разобрать: «{ $text }». Пишите число месяцев и имя пользователя, например <code>/premium 3 @durov</code>.
stars-not-sold = Звёзды здесь не продаются. Ничего не списано.
stars-amount-refused = Столько купить нельзя: нужно целое число, от { $min } до { $max }. Ничего не списано.
stars-recipient =
    <b>{ $what }: кому?</b>
    Выберите или напишите имя пользователя, например <code>@durov</code>.
stars-recipient-no-username =
    <b>{ $what }: кому?</b>
    Напишите имя пользователя, например <code>@durov</code>.

    Чтобы купить себе, нужно своё имя: Telegram → Настройки → Имя пользователя. Потом возвращайтесь сюда.
stars-username-refused = Это не имя пользователя: в нём от 4 до 32 латинских букв, цифр и подчёркиваний, и начинается оно с буквы.
button-stars-me = Мне · @{ $username }
stars-confirm =
    <b>{ $what } — { $name }?</b>
    Получатель: @{ $username }. Проверьте, тот ли это человек: купленное назад не забрать.
    { $sender }
stars-sender-shown = Отправителем будет показан наш магазин на Fragment, а не вы.
stars-sender-hidden = Получатель не увидит, от кого это.
stars-confirm-price =
    Это стоит <b>{ $price }</b>; останется { $after }. Если ничего не доставят, деньги вернутся.
    Цена действует до { $until }.
stars-confirm-short = Это стоит <b>{ $price }</b>, а у вас { $balance }: не хватает { $missing }. Ничего не списано.
stars-no-packs = Пополнить TON здесь сейчас нельзя. Напишите нам, поможем.
stars-quote-expired = <b>Срок цены вышел, поэтому ничего не куплено.</b> Вот новая:
stars-quote-expired-short = Срок цены вышел. Ничего не куплено; вот новая.
button-stars-buy = Купить за { $price }
button-stars-top-up = Пополнить · не хватает { $missing }
button-stars-pack = Пополнить на { $grants } · { $price }
button-stars-buy-some = Купить звёзды
button-stars-go-on = Продолжить: { $what } для @{ $username }
button-stars-show = Показать отправителя
button-stars-hide = Скрыть отправителя
button-stars-amount = Другое количество
button-stars-months = Другой срок
button-stars-recipient = Другой получатель
button-stars-price = Спросить ещё раз
button-stars-again = Купить ещё
stars-refused-recipient-not-found = В Telegram нет имени @{ $username }. Проверьте и напишите ещё раз. Ничего не списано.
stars-refused-recipient-not-user = @{ $username } — канал, группа или бот. Звёзды и Premium покупают только людям. Ничего не списано.
stars-refused-recipient-refused = Telegram не даёт @{ $username } это получить. Выберите кого-нибудь другого. Ничего не списано.
stars-refused-already-premium = У @{ $username } уже есть Premium. Можно купить звёзды или Premium для другого. Ничего не списано.
stars-refused-provider-unavailable = Сейчас цену не узнать: Fragment нам не отвечает. Ничего не списано; попробуйте через несколько минут.

# Покупка в работе
stars-status-accepted =
    <b>{ $what } — { $name }</b>
    Принимаем заказ: { $price }. Ничего не списано.
stars-status-held =
    <b>{ $what } — { $name }</b>
    Отложено: { $price }. Готовим платёж во Fragment; заказ ещё можно вернуть.
stars-status-signed =
    <b>{ $what } — { $name }</b>
    Платёж отправлен, сеть TON его подтверждает. Обычно это меньше минуты.
    Отложено: { $price }. Спишется, когда придёт подтверждение доставки.
stars-status-paid =
    <b>{ $what } — { $name }</b>
    Оплачено. Fragment доставляет для @{ $username }.
    Отложено: { $price }. Спишется, когда придёт подтверждение доставки.
stars-status-delivered-stars =
    <b>✅ Звезды куплены!</b>
    Через Fragment: { $what } — { $name } (@{ $username }).
    Списано: { $price }
stars-status-delivered-fragment =
    <b>✅ Звезды куплены через Fragment!</b>
    { $what } — { $name } (@{ $username }).
    Списано: { $price }
stars-status-delivered-premium =
    <b>✅ Premium куплен!</b>
    Через Fragment: { $what } — { $name } (@{ $username }).
    Списано: { $price }
stars-status-failed = <b>Не куплено: { $what } — { $name }</b>
stars-status-canceled =
    <b>Заказ возвращён: { $what } — { $name }</b>
    Вернули: { $price }
stars-status-attention =
    <b>Разбираемся: { $what } — { $name }</b>
    Мы не смогли сами узнать, что стало с этим заказом. Ваши { $price } в безопасности: они отложены, и второй раз ничего не оплатится. Решит человек, и мы напишем сюда.

stars-order-accepted = ждёт
stars-order-refused = не заказано
stars-order-reserved = ждёт
stars-order-signed = в пути
stars-order-paid = доставляем
stars-order-failed = не куплено
stars-order-canceled = возвращено
stars-order-needs-attention = разбираемся

stars-stop-canceled = Заказ возвращён, деньги снова у вас.
stars-stop-already-signed = Платёж уже ушёл. Если ничего не доставят, деньги вернутся.
stars-stop-already-finished = Заказ уже завершён.
stars-stop-not-found = Такого заказа нет.
stars-stop-temporarily-unavailable = Сейчас не получается. Попробуйте через минуту.

stars-failure-insufficient-funds = На балансе не хватило. Ничего не списано; пополните и купите снова.
stars-failure-recipient-refused = Telegram не даёт этому человеку это получить. Выберите другого.
stars-failure-price-moved = Пока мы покупали, цена выросла. Больше согласованного мы не берём; купите снова по новой цене.
stars-failure-provider-refused = Fragment отказался от этого заказа.
stars-failure-provider-unavailable = Fragment вовремя не ответил. Купите, пожалуйста, позже.
stars-failure-not-paid = Сеть TON не приняла платёж.
stars-failure-not-delivered = Человек проверил: ничего не доставлено.
stars-failure-canceled-by-user = Вы вернули заказ.
stars-failure-outcome-unknown = Мы не смогли узнать, что с ним стало. Этим занимается человек.

# Операторы
approvals = <b>Покупки ждут решения: { $count }</b>
approvals-none = <b>Решения ничего не ждёт.</b>
approvals-more = Эти ждут дольше всех; есть и другие.
approval-card =
    <b>{ $what } — { $name }</b> (@{ $username })
    Покупатель: { $buyer }, { $buyerId }
    Цена: { $price }, отложена
    Ждёт: { $age }
    Почему: <i>{ $reason }</i>
    <code>{ $id }</code>
approval-no-payment = Платёж не готовили: наш кошелёк ничего не платил.
approval-how = <i>Как узнать:</i> найдите в истории на Fragment строку для @{ $username } с комментарием (Ref#…) платежа и спросите покупателя, пришло ли.
approval-cause-paid-and-not-seen-delivered = Оплачено, но доставки не видно
approval-cause-the-chain-has-not-decided-about-the-payment = Сеть ещё не решила, прошёл ли платёж
approval-cause-seen-delivered-and-could-not-be-charged = Доставка видна, но списать не удалось
approval-cause-delivered-could-not-be-carried-out = Решение «Доставлено» не удалось исполнить
approval-cause-not-delivered-could-not-be-carried-out = Решение «Не доставлено» не удалось исполнить
approval-cause-retry-could-not-be-carried-out = Решение «Проверить ещё раз» не удалось исполнить
approval-payment = Платёж { $attempt }: <b>{ $state }</b>, { $amount }, <code>{ $ref }</code>
approval-message = Сообщение: <code>{ $hash }</code>
approval-two = Об этой покупке два оператора должны решить одинаково, и один из них — владелец.
approval-see-only = Ваша роль видит эту покупку, а решают о ней другие.
approval-vote = { $operator }: { $decision }
payment-state-prepared = подготовлен, не подписан
payment-state-signed = подписан, сеть не решила
payment-state-paid = оплачен
payment-state-not-paid = не оплачен
payment-state-dropped = отменён до подписи
decision-delivered = Доставлено
decision-not-delivered = Не доставлено
decision-retry = Проверить ещё раз
approval-ask-delivered =
    <b>Доставлено?</b>
    Только если это видно: у @{ $username } есть { $what }.
    С покупателя спишется { $price }, ему напишут, что доставлено. Отменить это нельзя.
approval-ask-not-delivered =
    <b>Точно не доставлено?</b>
    { $price } вернутся покупателю, ему об этом напишут. Если наш кошелёк всё же заплатил, это наш убыток. Отменить это нельзя.
approval-ask-retry =
    <b>Проверить ещё раз?</b>
    Оплаченное ждём снова и второй раз не платим. Точно не оплаченное оплатим заново: { $what } — { $name }. { $price } остаются отложенными.
button-approval-delivered = Да, доставлено: списать { $price }
button-approval-not-delivered = Да, вернуть { $price }
button-approval-retry = Да, проверить
approval-applied = <b>Решено: { $decision }.</b>
approval-needs-second = <b>Ваше слово записано: { $decision }.</b> То же должны сказать двое, и один из них — владелец.
approval-already-decided = Вы уже решили об этой покупке иначе. «{ $decision }» не принято.
approval-not-for-you = Об этой покупке решать не вам: она ваша собственная, или ваша роль изменилась.
approval-not-parked = Эта покупка больше не ждёт: решил кто-то другой, или она пошла дальше сама.
approval-not-possible = «{ $decision }» невозможно, пока сеть ещё может заплатить: деньги нельзя ни вернуть, ни заплатить снова. Дождитесь, когда срок сообщения выйдет.
approval-not-found = Такой покупки нет.
age-minutes = { $count } мин
age-hours = { $count } ч
age-days = { $count ->
        [one] { $count } день
        [few] { $count } дня
       *[other] { $count } дней
    }
