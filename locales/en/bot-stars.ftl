# Stars and Premium
button-stars = Stars
stars-premium = Premium for { $months ->
        [one] { $months } month
       *[other] { $months } months
    }
stars =
    <b>Telegram Stars and Premium</b>
    For you or for anybody with a username; paid from your balance, which is { $balance }.

    How many Stars? Choose, or write a number from { $min } to { $max }. Or choose Premium below.
premium =
    <b>Telegram Premium</b>
    For you or for anybody with a username; paid from your balance, which is { $balance }.

    For how long?
premium-months-refused = Premium is not sold for that long. Choose one of those below. Nothing was taken.
stars-for = Recipient: @{ $username }.
stars-command-refused = “{ $text }” cannot be read. Write a number and a username, such as <code>/buy_stars 100 @durov</code>.
premium-command-refused = “{ $text }” cannot be read. Write a number of months and a username, such as <code>/premium 3 @durov</code>.
stars-not-sold = Stars are not sold here. Nothing was taken.
stars-amount-refused = That is not an amount that can be bought: it takes a whole number, from { $min } to { $max }. Nothing was taken.
stars-recipient =
    <b>{ $what }: for whom?</b>
    Choose, or write a username, such as <code>@durov</code>.
stars-recipient-no-username =
    <b>{ $what }: for whom?</b>
    Write a username, such as <code>@durov</code>.

    To buy for yourself you need a username of your own: Telegram → Settings → Username. Then come back here.
stars-username-refused = That is no username: it has 4 to 32 Latin letters, digits and underscores, and begins with a letter.
button-stars-me = For me · @{ $username }
stars-confirm =
    <b>{ $what } for { $name }?</b>
    Recipient: @{ $username }. Please check that it is the right person: what is bought cannot be taken back.
    { $sender }
stars-sender-shown = The sender shown is our shop at Fragment, not you.
stars-sender-hidden = The recipient does not see who sends it.
stars-confirm-price =
    It costs <b>{ $price }</b>; { $after } will be left. If nothing is delivered, it returns.
    The price stands until { $until }.
stars-confirm-short = It costs <b>{ $price }</b>, and you have { $balance }: { $missing } more needed. Nothing was taken.
stars-no-packs = TON cannot be topped up here at the moment. Write to us, and we help.
stars-quote-expired = <b>The price had run out, so nothing was bought.</b> Here it is anew:
stars-quote-expired-short = The price had run out. Nothing was bought; here is the new one.
button-stars-buy = Buy for { $price }
button-stars-top-up = Top up · { $missing } missing
button-stars-pack = Top up { $grants } · { $price }
button-stars-buy-some = Buy Stars
button-stars-go-on = Go on: { $what } for @{ $username }
button-stars-show = Show the sender
button-stars-hide = Hide the sender
button-stars-amount = Another amount
button-stars-months = Another length
button-stars-recipient = Another recipient
button-stars-price = Ask once more
button-stars-again = Buy again
stars-refused-recipient-not-found = Nobody is called @{ $username } at Telegram. Check the name, and write it once more. Nothing was taken.
stars-refused-recipient-not-user = @{ $username } is a channel, a group or a bot. Stars and Premium go to people alone. Nothing was taken.
stars-refused-recipient-refused = Telegram does not let @{ $username } receive this. Choose somebody else. Nothing was taken.
stars-refused-already-premium = @{ $username } has Premium already. You can buy Stars for them, or Premium for somebody else. Nothing was taken.
stars-refused-provider-unavailable = The price cannot be asked at the moment: Fragment does not answer us. Nothing was taken; please try in a few minutes.

# A purchase under way
stars-status-accepted =
    <b>{ $what } for { $name }</b>
    Taking your order: { $price }. Nothing has been charged.
stars-status-held =
    <b>{ $what } for { $name }</b>
    { $price } set aside. We are preparing the payment to Fragment; you can still take it back.
stars-status-signed =
    <b>{ $what } for { $name }</b>
    The payment is on its way; the TON network is confirming it. That usually takes less than a minute.
    Set aside: { $price }. It is charged once the delivery is confirmed.
stars-status-paid =
    <b>{ $what } for { $name }</b>
    Paid. Fragment is delivering to @{ $username }.
    Set aside: { $price }. It is charged once the delivery is confirmed.
stars-status-delivered-stars =
    <b>✅ Stars bought!</b>
    Through Fragment: { $what } for { $name } (@{ $username }).
    Charged: { $price }
stars-status-delivered-fragment =
    <b>✅ Stars bought through Fragment!</b>
    { $what } for { $name } (@{ $username }).
    Charged: { $price }
stars-status-delivered-premium =
    <b>✅ Premium bought!</b>
    Through Fragment: { $what } for { $name } (@{ $username }).
    Charged: { $price }
stars-status-failed = <b>Not bought: { $what } for { $name }</b>
stars-status-canceled =
    <b>Taken back: { $what } for { $name }</b>
    { $price } returned.
stars-status-attention =
    <b>Looking into it: { $what } for { $name }</b>
    We could not find out by ourselves what became of this order. Your { $price } are safe: they stay set aside, and nothing is paid a second time. A person decides, and we write here.

stars-order-accepted = waiting
stars-order-refused = not ordered
stars-order-reserved = waiting
stars-order-signed = on its way
stars-order-paid = delivering
stars-order-failed = not bought
stars-order-canceled = taken back
stars-order-needs-attention = looked into

stars-stop-canceled = Taken back. Your money has returned.
stars-stop-already-signed = The payment has left already. If nothing is delivered, your money returns.
stars-stop-already-finished = It is finished already.
stars-stop-not-found = There is no such order.
stars-stop-temporarily-unavailable = This does not work right now. Please try again in a minute.

stars-failure-insufficient-funds = There was not enough on your balance. Nothing was taken; top up and buy again.
stars-failure-recipient-refused = Telegram does not let this recipient receive it. Choose somebody else.
stars-failure-price-moved = The price rose while we were buying. You are never charged more than you agreed to; buy again at the new price.
stars-failure-provider-refused = Fragment refused this order.
stars-failure-provider-unavailable = Fragment could not be reached in time. Please buy again later.
stars-failure-not-paid = The TON network did not take the payment.
stars-failure-not-delivered = A person has checked it: nothing was delivered.
stars-failure-canceled-by-user = You took the order back.
stars-failure-outcome-unknown = We could not find out what became of it. A person is looking into it.

# Operators
approvals = <b>Purchases that wait for a decision: { $count }</b>
approvals-none = <b>Nothing waits for a decision.</b>
approvals-more = These wait longest; there are more.
approval-card =
    <b>{ $what } for { $name }</b> (@{ $username })
    Buyer: { $buyer }, { $buyerId }
    Price: { $price }, set aside
    Waiting for: { $age }
    Why: <i>{ $reason }</i>
    <code>{ $id }</code>
approval-no-payment = No payment was prepared: our wallet has paid nothing.
approval-how = <i>How to find out:</i> look at Fragment’s history for @{ $username } with the comment (Ref#…) of the payment, and ask the buyer whether it has come.
approval-cause-paid-and-not-seen-delivered = Paid, and not seen delivered
approval-cause-the-chain-has-not-decided-about-the-payment = The chain has not decided about the payment
approval-cause-seen-delivered-and-could-not-be-charged = Seen delivered, and could not be charged
approval-cause-delivered-could-not-be-carried-out = “Delivered” could not be carried out
approval-cause-not-delivered-could-not-be-carried-out = “Not delivered” could not be carried out
approval-cause-retry-could-not-be-carried-out = “Look again” could not be carried out
approval-payment = Payment { $attempt }: <b>{ $state }</b>, { $amount }, <code>{ $ref }</code>
approval-message = Message: <code>{ $hash }</code>
approval-two = Two operators must decide alike about this purchase, and one of them must be an owner.
approval-see-only = Your role sees this purchase; others decide about it.
approval-vote = { $operator }: { $decision }
payment-state-prepared = prepared, not signed
payment-state-signed = signed, the network has not decided
payment-state-paid = paid
payment-state-not-paid = not paid
payment-state-dropped = dropped before it was signed
decision-delivered = Delivered
decision-not-delivered = Not delivered
decision-retry = Look again
approval-ask-delivered =
    <b>Was it delivered?</b>
    Say so only with evidence: @{ $username } has { $what }.
    The buyer is charged { $price }, and is told that it was delivered. This cannot be undone.
approval-ask-not-delivered =
    <b>Was it certainly not delivered?</b>
    { $price } return to the buyer, who is told so. If our wallet did pay, that money is our loss. This cannot be undone.
approval-ask-retry =
    <b>Look at it again?</b>
    What is paid is waited for once more, and never paid again. What certainly is not paid is paid anew: { $what } for { $name }. The { $price } stay set aside.
button-approval-delivered = Yes, delivered: charge { $price }
button-approval-not-delivered = Yes, return { $price }
button-approval-retry = Yes, look again
approval-applied = <b>Decided: { $decision }.</b>
approval-needs-second = <b>Your word is kept: { $decision }.</b> Two must say the same, and one of them must be an owner.
approval-already-decided = You have decided otherwise about this purchase already. “{ $decision }” was not taken.
approval-not-for-you = This one is not for you to decide: it is your own purchase, or your role has changed.
approval-not-parked = That purchase does not wait any more: it was decided by somebody else, or has gone on by itself.
approval-not-possible = “{ $decision }” is not possible while the network may still pay: the money can neither go back nor be paid again. Wait until the message has run out.
approval-not-found = There is no such purchase.
age-minutes = { $count } min
age-hours = { $count } h
age-days = { $count ->
        [one] { $count } day
       *[other] { $count } days
    }
