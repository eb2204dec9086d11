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
  /** The operations list shows the first 1,000 code points of a prompt. */
  promptExcerptCodePointsMax: 1_000,
  /** What a provider may answer, and a picture that it delivers. */
  providerAnswerBytesMax: 2 * 1024 * 1024,
  pictureBytesMax: 40 * 1024 * 1024,
  listPageMax: 50,
  /** A place in the queue is counted up to here, so that a long queue costs no more to look at. */
  queuePositionMax: 1_000,
  /** In a chat a place is shown from here down: every message of a long queue would be edited with each step. */
  queuePositionInChatMax: 10,
  /** Live updates: a client only ever says how far it has come. */
  liveFrameBytesMax: 64 * 1024,
  /** Sockets of one person in one process: some devices with some pages each. */
  liveSocketsPerUserMax: 10,
  /** Sockets of one process; each costs about 8 KB (measured by the bench `live`). */
  liveSocketsMax: 20_000,
  /** What may wait for a slow reader; beyond it nothing is read for it from the database. */
  liveBufferBytesMax: 64 * 1024,
  /** Above this many missed facts a snapshot is cheaper. */
  liveResumeMax: 500,
  /** How long a POST waits for the saga's first answer before it answers from the row. */
  firstAnswerTimeoutMs: 5_000,
  /** How long a provider has to say what is only shown; nobody waits for it that long. */
  guidePatienceMs: 15_000,
  /** How long an answer waits for what is only shown, before it goes without. */
  guideWaitMs: 2_500,
  inboxAttemptsMax: 5,
  /** Telegram repeats an update for a day at most; two let a person look back. */
  botUpdateKeptMs: 2 * 24 * 60 * 60 * 1000,
  /** A generation's deadline, from the moment the request is sent to the provider. */
  generationDeadlineMs: 15 * 60 * 1000,
  /** Attempts to submit that were certainly not sent. */
  submitAttemptsMax: 3,
  /** The same key may be repeated at YooKassa for 24 h; one hour is kept back for clocks. */
  paymentCreateRetryMs: 23 * 60 * 60 * 1000,
  /** How far back a provider's list is swept: no payment of ours may still be paid after that long. */
  paymentSweepMs: 3 * 24 * 60 * 60 * 1000,
  /** A purchase of Stars that is not in a signed message by then gives its money back. */
  starSigningDeadlineMs: 15 * 60 * 1000,
  /** A message that the chain has not decided by then brings a person in; the chain is asked on. */
  starDecisionDeadlineMs: 15 * 60 * 1000,
  /** What was paid and is not seen delivered by then brings a person in; it is looked for on. */
  starDeliveryDeadlineMs: 30 * 60 * 1000,
  /** When a parked purchase is looked at again; each look is twice as late as the one before, so often. */
  starLookAgainMs: 15 * 60 * 1000,
  starLookAgainDoublingsMax: 5,
  /** Payments that were certainly not made, before the purchase gives up. */
  starPaymentAttemptsMax: 3,
  /** Waiting payments that are looked through for those that the wallet can pay; more than one message carries. */
  walletQueueReadMax: 1_000,
  /** A message is valid for so long of the chain's time, and a request must be valid longer than the margin. */
  walletMessageLifetimeS: 120,
  walletMessageMarginS: 60,
  /** How far a payment request may be from the price that was quoted for people: 0.5 %, or a thousandth of a TON. */
  starAmountBandBps: 50n,
  starAmountBandNano: 1_000_000n,
  /** A session that holds is renewed after so long, before it ends by itself. */
  fragmentSessionRenewMs: 6 * 60 * 60 * 1000,
  /** What one transfer may cost the wallet in fees beside its amount, in nanotons. */
  walletTransferFeeNano: 10_000_000n,
  /** How much longer than its saga a hold lives. */
  holdMarginMs: 24 * 60 * 60 * 1000,
  /** Updates of Telegram that fail are begun so often, then set aside. */
  updateAttemptsMax: 5,
  /** A handler that takes longer is reported; handlers only ask the gateway, which answers within 5 s. */
  updateSlowMs: 30_000,
  /** Chats whose updates are handled at once by one process. */
  chatsAtOnceMax: 64,
  /** Telegram takes about 30 messages a second in all; the window is a little longer, as the network is uneven. */
  messagesPerSecondMax: 30,
  messagesWindowMs: 1_050,
  /** A chat takes one message a second, and short bursts. */
  chatBurstMax: 3,
  /** News that could not be told for so long are in the app, and would only startle (T11). */
  newsAgeMaxMs: 24 * 60 * 60 * 1000,
  /** A generation's message is edited no more often. */
  statusEditEveryMs: 2_500,
} as const;
