# Что Telegram показывает о боте.
profile-name = Holdfast
profile-description = Картинки по вашим словам и фотографиям. Оплата кредитами и только за готовые картинки.
profile-short-description = Картинки по вашим словам и фотографиям.
profile-menu-button = Holdfast

command-start = Меню
command-generate = Нарисовать картинку
command-buy-stars = Купить звёзды или Premium
command-recharge = Купить кредиты
command-balance = Баланс и операции
command-history = Ваши картинки
command-settings = Настройки
command-language = Язык
command-help = Что я умею
command-support = Написать человеку
command-paysupport = Вопрос об оплате
command-terms = Условия
command-cancel = Выйти из того, что начали
command-approvals = Покупки, которые ждут решения
