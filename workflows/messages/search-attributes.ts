import { defineSearchAttributeKey, SearchAttributeType } from '@temporalio/common';

/*
 * What an operator can search for. Never encoded, so no personal data: ids, states and amounts. AmountMinor is a
 * keyword, since an Int would become a floating number.
 */
export const searchAttributes = {
  orderId: defineSearchAttributeKey('OrderId', SearchAttributeType.KEYWORD),
  userId: defineSearchAttributeKey('UserId', SearchAttributeType.KEYWORD),
  provider: defineSearchAttributeKey('Provider', SearchAttributeType.KEYWORD),
  sagaState: defineSearchAttributeKey('SagaState', SearchAttributeType.KEYWORD),
  amountMinor: defineSearchAttributeKey('AmountMinor', SearchAttributeType.KEYWORD),
  asset: defineSearchAttributeKey('Asset', SearchAttributeType.KEYWORD),
  attention: defineSearchAttributeKey('Attention', SearchAttributeType.BOOL),
} as const;
