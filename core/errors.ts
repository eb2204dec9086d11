interface ErrorFacts {
  readonly status: number;
  /** What it is, in a few words; never the particulars of one request. */
  readonly title: string;
  /** Whether the same request may succeed later without a change. */
  readonly retryable: boolean;
  /** What became of money and what to do, in a sentence; the answer's detail where nothing more particular is known. */
  readonly advice?: string;
}

function final(status: number, title: string, advice?: string): ErrorFacts {
  return { status, title, retryable: false, ...(advice === undefined ? {} : { advice }) };
}

function passing(status: number, title: string, advice?: string): ErrorFacts {
  return { status, title, retryable: true, ...(advice === undefined ? {} : { advice }) };
}

/**
 * The closed table of what the HTTP API refuses, in the order in which a request is judged: its form, who asks, what is
 * asked for, and ourselves. When several apply, the first is answered. Codes are stable; titles may be reworded.
 */
export const errorTable = {
  malformed_json: final(400, 'The body is not acceptable JSON'),
  invalid_request: final(400, 'The request does not have the expected form'),
  idempotency_key_required: final(400, 'An Idempotency-Key header with a UUID is required'),
  invalid_cursor: final(400, 'The cursor was not made by this API'),
  one_file_expected: final(400, 'Exactly one file is expected'),
  method_not_allowed: final(405, 'The method is not allowed here'),
  request_timeout: passing(408, 'The request took too long to arrive'),
  body_too_large: final(413, 'The body is too large'),
  unsupported_media_type: final(415, 'The content type or encoding is not supported'),
  origin_not_allowed: final(403, 'This origin may not use the API'),
  address_not_allowed: final(403, 'This address may not call here'),

  token_required: final(401, 'An access token is required', 'Send it as Authorization: Bearer <token>.'),
  token_invalid: final(401, 'The access token is not valid'),
  token_expired: final(401, 'The access token has expired', 'Exchange the refresh token for a new one.'),
  init_data_invalid: final(401, 'The init data is not valid'),
  init_data_expired: final(401, 'The init data is too old', 'Open the Mini App again.'),
  refresh_token_invalid: final(401, 'The refresh token is not valid'),
  refresh_token_expired: final(401, 'The refresh token has expired', 'Log in again.'),
  refresh_token_reused: final(401, 'The refresh token was used before; the login has been closed', 'Log in again.'),
  signature_invalid: final(401, 'The signature is not valid'),
  secret_required: final(401, 'The secret token of the webhook is required'),
  secret_invalid: final(403, 'The secret token of the webhook is not valid'),
  banned: final(403, 'This account is closed'),
  role_not_enough: final(403, 'Your role may not do this', 'Nothing was done. Ask an owner.'),
  rate_limited: passing(429, 'Too many requests'),

  not_found: final(404, 'There is no such thing'),
  image_not_found: final(
    404,
    'There is no such image',
    'Nothing was ordered. Images are kept for a day: upload it again.',
  ),
  key_conflict: final(
    409,
    'The idempotency key was used for another request',
    'Nothing was done. A new request needs a new key.',
  ),
  already_credited: final(409, 'The top-up has been credited', 'The payment has arrived; nothing is left to cancel.'),
  needs_attention: final(
    409,
    'A person looks into this order',
    'Nothing more can be done with it here; you are told how it ends.',
  ),
  already_submitted: final(
    409,
    'The provider is already working on it',
    'The funds stay held, and return if nothing is delivered.',
  ),
  already_signed: final(
    409,
    'The payment is on its way',
    'It cannot be taken back. The funds stay held, and return if nothing is paid.',
  ),
  already_finished: final(409, 'It is already finished', 'Read the order to see how it ended.'),
  image_quota_exceeded: passing(409, 'Too many images are stored'),
  insufficient_funds: final(402, 'Not enough funds'),
  file_too_large: final(413, 'The file is too large'),
  file_type_not_allowed: final(415, 'This type of file is not allowed'),
  range_not_satisfiable: final(416, 'The file has no such range'),
  image_unreadable: final(422, 'The image cannot be read'),
  image_too_many_pixels: final(422, 'The image has too many pixels'),
  image_too_many_frames: final(422, 'The image has too many frames'),
  stars_not_sold: final(422, 'Stars are not sold here'),
  quantity_not_offered: final(422, 'So much of it is not offered'),
  recipient_not_found: final(422, 'There is no such person in Telegram', 'Nothing was taken. Check the username.'),
  recipient_not_user: final(422, 'The username is not a person', 'Nothing was taken. Give the username of a person.'),
  recipient_refused: final(422, 'This person cannot receive it now', 'Nothing was taken. Try another recipient.'),
  already_premium: final(422, 'This person has Telegram Premium already', 'Nothing was taken.'),
  quote_not_found: final(422, 'There is no such quote', 'Nothing was taken. Ask for a new quote.'),
  quote_expired: final(
    422,
    'The quote has expired',
    'Nothing was taken. Ask for a new quote: the price may have moved.',
  ),
  unknown_pack: final(422, 'There is no such pack'),
  provider_not_available: final(422, 'The provider does not sell this'),
  unknown_model: final(422, 'There is no such model'),
  prompt_too_long: final(422, 'The prompt is too long'),
  prompt_refused: final(422, 'The prompt was refused'),
  option_not_allowed: final(422, 'The option is not offered'),
  too_many_images: final(422, 'Too many images'),
  images_required: final(422, 'An image is required'),

  internal_error: passing(500, 'Something went wrong'),
  temporarily_unavailable: passing(
    503,
    'The service is temporarily unavailable',
    'Repeat it in a moment; under the same Idempotency-Key nothing is done twice.',
  ),
  storage_full: passing(507, 'The storage is full'),
} as const satisfies Readonly<Record<string, ErrorFacts>>;

export type ErrorCode = keyof typeof errorTable;

export const errorCodes = Object.keys(errorTable) as [ErrorCode, ...ErrorCode[]];

/** Status, title, advice and whether a repeat may help, of one code. */
export function errorFacts(code: ErrorCode): ErrorFacts {
  return errorTable[code];
}
