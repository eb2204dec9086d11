# Top-ups
recharge =
    <b>Top up</b>
    You have { $balance }. Choose a pack:
recharge-no-pack = There is no pack for that. Here are all of them:
pack =
    <b>{ $title }</b>
    Choose how to pay. You pay in the next step, not here.
button-buy = { $provider } · { $price }
payment-creating =
    <b>{ $title } for { $price }</b>
    Preparing the payment: { $provider }. No money has moved.
payment-awaiting =
    <b>{ $title } for { $price }</b>
    💳 The link to pay is ready. Pay by the button below: { $provider }. Your balance is topped up by itself a moment later.
payment-until = The link works until { $at }.
payment-credited =
    <b>{ $title } for { $price }</b>
    Paid and credited: { $provider }. Thank you.
payment-over =
    <b>{ $title } for { $price }</b>
    This top-up is over: { $provider }.
payment-attention =
    <b>{ $title } for { $price }</b>
    A person is looking at this payment: { $provider }. Please do not pay a second time.
payment-came-more = More came than you ordered ({ $title } for { $price }), so more was credited.
payment-came-less = Less came than you ordered ({ $title } for { $price }), so less was credited.
payment-part = { $received } of { $price } came; { $rest } more is awaited.
payment-part-over = { $received } of { $price } came. This money will be credited.
payment-not-yet = The payment has not arrived yet. It usually takes less than a minute.
button-pay = Pay { $price }
button-paid = I paid
button-give-up = Give up

topup-failure-provider-refused = The payment could not be created. No money was taken.
topup-failure-payment-canceled = The payment was declined, canceled or did not come in time. If you paid all the same, it will still be credited.
topup-failure-canceled-by-user = You gave it up. If you paid all the same, it will still be credited.
topup-failure-not-paid-in-time = No payment came in time. If you did pay, it will still be credited.
topup-failure-amount-mismatch = The amount is not the one that was asked for, so nothing was credited yet.
topup-failure-wrong-shop = The payment went to another shop, so nothing was credited yet.
topup-failure-wrong-reference = The payment belongs to another order, so nothing was credited yet.
topup-failure-test-payment-in-live-mode = It was a test payment, so nothing was credited.
topup-failure-held-by-provider = The payment is held for a check. It is credited when it is let go; please do not pay again.
topup-failure-payment-returned = The payment has gone back to you, so nothing was credited.
topup-failure-unresolved = It could not be finished by itself, so nothing was credited yet.

# Drawing
models = <b>Which model?</b> The price is for one picture.
button-model = { $title } · { $price }
button-models = Models
prompt =
    <b>{ $model }</b> · { $price }
    Write what to draw, in your own words.
prompt-photos = You may send up to { $max ->
        [one] { $max } photo
       *[other] { $max } photos
    } to work from.
prompt-photos-needed = This model works on your photo: send { $max ->
        [one] it
       *[other] one, or up to { $max }
    }, then write what to change.
prompt-kept = To draw: <i>{ $prompt }</i>
photos-kept = { $count ->
        [one] { $count } photo to work from.
       *[other] { $count } photos to work from.
    }
photos-of = Photos: { $count } of { $max }.
button-ratio = Shape: { $ratio }
button-no-photos = Remove the photos
ratios = <b>The picture’s shape</b>, width to height:
photo-not-taken = This model takes no photos. Choose another one for them.
photo-too-many = { $max ->
        [one] This model takes { $max } photo.
       *[other] This model takes { $max } photos.
    }
photo-too-big = The photo is larger than 5 MB. Send a smaller one.
photo-unreadable = This file cannot be read as a picture. PNG, JPEG and WebP work.
photo-quota = You keep too many photos already. They go away after a day.
photo-not-fetched = Telegram did not hand the photo over. Please send it again.
confirm =
    <b>Shall I draw this?</b>
    <blockquote>{ $prompt }</blockquote>
confirm-model = Model: { $model }
confirm-ratio = Shape: { $ratio }
confirm-photos = Photos: { $count }
confirm-price = It costs <b>{ $price }</b>; { $after } will be left. They return at once if no picture comes.
confirm-short = It costs <b>{ $price }</b>, and you have { $balance }: { $missing } more needed. Nothing was taken.
button-draw = Draw for { $price }
button-edit-prompt = Change the words
refused-prompt-too-long = That is { $count } characters; { $model } takes { $max }. Please shorten it: what you wrote is kept above.
refused-too-many-images = { $model } takes at most { $max } photos.
refused-images-required = { $model } works on a photo. Send one; your words are kept.
refused-option = { $model } does not offer this any more. Choose again; your words are kept.

# A generation under way
status-queued =
    <b>In the queue</b>
    <i>{ $prompt }</i>

    { $price } set aside. You can still take it back.
status-place = { $place } in line.
status-place-far = More than { $count } orders before yours.
status-drawing =
    <b>Drawing…</b>
    <i>{ $prompt }</i>
status-progress =
    <b>Drawing… { $percent }%</b>
    { $bar }
    <i>{ $prompt }</i>
status-succeeded =
    <i>{ $prompt }</i>

    Charged: { $charged }
status-failed =
    <b>Not drawn</b>
    <i>{ $prompt }</i>
status-canceled =
    <b>Taken back</b>
    <i>{ $prompt }</i>

    { $price } returned.
status-attention =
    <b>Looking into it</b>
    <i>{ $prompt }</i>

    We could not find out what became of this order. Your credits stay set aside and safe; a person decides, and we write here.
returned = Returned: { $amount }
button-take-back = Take it back, return { $price }
take-back-canceled = Taken back. Your credits have returned.
take-back-already-submitted = It is being drawn already. If nothing comes, your credits return.
take-back-already-finished = It is finished already.
take-back-not-found = There is no such order.
take-back-temporarily-unavailable = This does not work right now. Please try again in a minute.

generation-failure-insufficient-funds = There were not enough credits. Nothing was taken; top up and order again.
generation-failure-provider-refused = The model refused this order. Another model may take it.
generation-failure-prompt-refused = The model refused these words. Change them and order again.
generation-failure-generation-failed = The model could not draw this. Order again or change the words.
generation-failure-provider-unavailable = The model is not available now. Order again later.
generation-failure-no-answer = The model did not answer in time. A picture that still comes costs nothing.
generation-failure-result-unavailable = The picture could not be fetched. Order again.
generation-failure-input-image-gone = A photo had expired. Send it again and order again.
generation-failure-canceled-by-user = You took the order back.
generation-failure-outcome-unknown = We could not find out what became of it. A person is looking into it.

# Results and history
button-again = Again
button-file = Download original
button-input = Use as input
button-open-result = Open
button-prompt = All the words
result =
    <i>{ $prompt }</i>

    { $model } · charged: { $charged } · { $at }
result-gone = The picture is not there any more.
history =
    <b>Your orders</b>
    From { $from } to { $to }. Choose one:
history-day =
    <b>Your orders</b>
    { $day }. Choose one:
history-none = Nothing here yet. Your first picture is one message away.
history-stars = { $what } for @{ $username }
history-ordered = <i>Ordered { $at }</i>
order-accepted = waiting
order-refused = not ordered
order-reserved = waiting
order-submitted = drawing
order-running = drawing
order-failed = not drawn
order-canceled = taken back
order-needs-attention = looked into

# News
notice-topup-credited =
    <b>✅ Balance topped up!</b>
    Credited: { $amount }
    You have { $balance }.
notice-topup-canceled = The top-up “{ $title }” is over.
notice-topup-expired = The time to pay for “{ $title }” is over.
notice-topup-attention = A person is looking at your payment for “{ $title }”. Please do not pay a second time; we write here.
notice-topup-refunded = <b>Returned to you: { $amount }</b>
notice-topup-taken-back = { $credits } were taken off your balance.
notice-generation-succeeded =
    <b>Your picture is ready</b>
    <i>{ $prompt }</i>

    Charged: { $charged }
notice-generation-late =
    <b>A late picture has come</b>
    <i>{ $prompt }</i>

    Your credits had returned already; it costs nothing.
