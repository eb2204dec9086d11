# What Telegram shows about the bot.
profile-name = Holdfast
profile-description = Pictures from your words and photos, Telegram Stars and Premium. You pay only for what is delivered.
profile-short-description = Pictures from your words and photos.
profile-menu-button = Holdfast

command-start = The menu
command-generate = Draw a picture
command-buy-stars = Buy Stars or Premium
command-premium = Buy Telegram Premium
command-recharge = Top up your balance
command-balance = Balance and operations
command-history = Your orders
command-settings = Settings
command-language = Language
command-help = What I can do
command-support = Ask a person
command-paysupport = Payment help
command-terms = Terms
command-cancel = Leave what you are in the middle of
command-approvals = Purchases that wait for a decision
