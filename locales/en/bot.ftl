# The bot's screens. Texts of messages are HTML; buttons and toasts are plain.
menu =
    <b>Holdfast draws pictures from your words.</b>
    Hello, { $name }. You have { $balance }.

    Nothing is charged unless a picture is delivered.

menu-with-stars =
    <b>Holdfast draws pictures from your words and sells Telegram Stars.</b>
    Hello, { $name }. You have { $balance }.

    Nothing is charged unless a picture or the Stars are delivered.

button-menu = Menu
button-back = ‹ Back
button-generate = Draw a picture
button-recharge = Top up
button-balance = Balance
button-history = History
button-settings = Settings
button-help = Help
button-terms = Terms
button-support = Ask a person
button-paysupport = Payment help
button-app = Open the app
button-language = Language
button-invite = Invite a friend
button-older = Older ›
button-newest = ‹ Newest
button-refresh = Refresh

# Balance
balance = <b>Balance: { $balance }</b>
balance-other = Also on your balance: { $amounts }
balance-held = Set aside for orders under way: { $amount }
bucket-paid = Bought: { $amount }
bucket-free = Gift: { $amount }
bucket-plan = Plan: { $amount }
bucket-promo = Bonus: { $amount }
bucket-until = { $bucket }, until { $day }
button-operations = All operations ›
operations = <b>Operations</b>
operations-none = There have been no operations yet. Top up to begin.
operation =
    <b>{ $amount }</b> · { $title }
    <i>{ $at }</i>
operation-capture = Picture
operation-credit = Top-up
operation-transfer = Transfer
operation-reverse = Reversal
operation-expire = Expired

# Settings
settings =
    <b>Settings</b>
    Language: { $language }

    Your invitation: { $invitation }
language = <b>Language</b>
language-chosen = The language is English now.

# Help
help =
    <b>What I can do</b>
    /generate: draw a picture, from words or from your photos
    /buy_stars: Telegram Stars for a username, for example <code>/buy_stars 100 @durov</code>
    /premium: Telegram Premium for a username, for example <code>/premium 3 @durov</code>
    /recharge: top up, for example <code>/recharge 300</code> or <code>/recharge 5 TON</code>
    /balance: what you have and where it went
    /history: your orders
    /settings and /language: how I speak
    /support: ask a person
    /paysupport: questions about a payment
    /terms: the terms
    /cancel: leave whatever you are in the middle of

    You can also just write what to draw, or send a photo.
terms =
    <b>Terms</b>
    Credits pay for pictures. They are set aside when you order and taken only when the picture is delivered; otherwise they return at once.
    Bought credits do not expire. For an unused top-up you may ask for your money back: /paysupport.
    What you write and send is used to draw your pictures and is not published. Photos are kept for a day.
    Do not order what is against the law or shows real people in a harmful way; such orders are refused and cost nothing.

# Support
support =
    <b>Ask a person</b>
    Write your question in one message. A person reads it and answers here.
paysupport =
    <b>Payment help</b>
    Write what happened in one message: when you paid, how much, and what is missing. We look at the payment itself and answer here. Telegram’s own support cannot help with it.
support-taken = Thank you. Your message is with a person now; we answer here.

# Whatever else
cancel-done = Left. Nothing was ordered.
cancel-nothing = There is nothing to leave.
unknown-command = I do not know this command. /help lists what I can do.
unknown-message = I can work with text and photos. Write what to draw, or choose from the menu.
account-closed = This account is closed. If you think that is a mistake, write to us through our site.
error-passing = Something is wrong on our side. Nothing is charged twice; we are trying again by ourselves.
error-passing-short = Something is wrong on our side; we are trying again.
too-fast = That was more than I can keep up with. I did not do the last thing, and no money moved. Please go on in { $seconds } s.
too-fast-tap = Too fast: this press did nothing, and no money moved. Go on in { $seconds } s.
too-many-orders = That is many orders in a minute. This one was not made and nothing was taken. Press again in { $seconds } s.
unavailable = This does not work right now. Please try again in a minute.
expired = This button has expired. Here is a fresh one.
already-ordered = Already ordered: it is one purchase.

# Payment providers
provider-yookassa = Card or SBP
provider-heleket = Cryptocurrency
provider-stars = Telegram Stars
provider-telegram-card = Card in Telegram
