/**
 * What a received sum is worth at an order's own price: all of the grant for the whole price, otherwise its share,
 * rounded down to a unit of what is granted (what was received is credited, and no more). All in minor units.
 */
export function grantsOf(
  order: { readonly priceMinor: bigint; readonly grantsMinor: bigint },
  receivedMinor: bigint,
): bigint {
  return (order.grantsMinor * receivedMinor) / order.priceMinor;
}
