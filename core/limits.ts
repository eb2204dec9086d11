/** Every bound of the system in one place, each with the reason for its figure. */
export const limits = {
  /** JSON bodies of our own API; the largest honest one is a prompt of 20,000 characters. */
  jsonBodyBytesMax: 256 * 1024,
  jsonDepthMax: 32,
  /** Webhook bodies; YooKassa's are about 2 KB, kie's carry the whole original request. */
  webhookBodyBytesMax: 1024 * 1024,
  /** An uploaded picture. */
  imageBytesMax: 5 * 1024 * 1024,
  imagePixelsMax: 40_000_000,
  imageFramesMax: 1,
  imagesPerGenerationMax: 4,
  picturesPerGenerationMax: 4,
  /** Uploads that a person may keep at once. */
  imagesPerUserMax: 40,
  imageLifetimeHours: 24,
  /** The operations list shows the first 1,000 code points of a prompt (K13). */
  promptExcerptCodePointsMax: 1_000,
  /** What a provider may answer, and a picture that it delivers. */
  providerAnswerBytesMax: 2 * 1024 * 1024,
  pictureBytesMax: 40 * 1024 * 1024,
  listPageMax: 50,
  /** How long a POST waits for the saga's first answer before it answers from the row. */
  firstAnswerTimeoutMs: 5_000,
  inboxAttemptsMax: 5,
  /** A generation's deadline, from the moment the request is sent to the provider. */
  generationDeadlineMs: 15 * 60 * 1000,
  /** Attempts to submit that were certainly not sent. */
  submitAttemptsMax: 3,
  /** The same key may be repeated at YooKassa for 24 h; one hour is kept back for clocks. */
  paymentCreateRetryMs: 23 * 60 * 60 * 1000,
  /** How much longer than its saga a hold lives. */
  holdMarginMs: 24 * 60 * 60 * 1000,
} as const;
