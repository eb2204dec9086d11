# Что Telegram показывает о боте.
profile-name = Holdfast
profile-description = Картинки по вашим словам и фотографиям, звёзды Telegram и Premium. Оплата только за то, что доставлено.
profile-short-description = Картинки по вашим словам и фотографиям.
profile-menu-button = Holdfast

command-start = Меню
command-generate = Нарисовать картинку
command-buy-stars = Купить звёзды или Premium
command-premium = Купить Premium
command-recharge = Пополнить баланс
command-balance = Баланс и операции
command-history = Ваши заказы
command-settings = Настройки
command-language = Язык
command-help = Что я умею
command-support = Написать человеку
command-paysupport = Вопрос об оплате
command-terms = Условия
command-cancel = Выйти из того, что начали
command-approvals = Покупки, которые ждут решения
