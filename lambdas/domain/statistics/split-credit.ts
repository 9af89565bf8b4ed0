// Which touch gets how much of a sale. In minor units, and the parts always add up to the whole.

export type CreditModel = 'first' | 'last' | 'linear' | 'position'

/**
 * Splits whole minor units (cents) over `touches` in time order: `position` gives 40 % to the first and to the last and 20 %
 * to those between, 50/50 for two (source: Snowplow's attribution package). What rounding leaves goes, one unit each, to the
 * largest remainders, earlier touches first. No touches: no credit.
 */
export function splitCredit(minorUnits: bigint, touches: number, model: CreditModel): bigint[] {
  const shares = sharesOf(touches, model)
  const whole = shares.reduce((sum, share) => sum + share, 0n)
  if (whole === 0n) return []
  const sign = minorUnits < 0n ? -1n : 1n
  const amount = minorUnits * sign
  const parts = shares.map((share) => (amount * share) / whole)
  const left = Number(amount - parts.reduce((sum, part) => sum + part, 0n))
  const byRemainder = [...shares.entries()].sort(([atA, a], [atB, b]) => {
    const difference = ((amount * b) % whole) - ((amount * a) % whole)
    return difference === 0n ? atA - atB : difference > 0n ? 1 : -1
  })
  const lucky = new Set(byRemainder.slice(0, left).map(([at]) => at))
  return parts.map((part, at) => sign * (part + (lucky.has(at) ? 1n : 0n)))
}

/** Whole numbers in the ratio of the shares. */
function sharesOf(touches: number, model: CreditModel): bigint[] {
  return Array.from({ length: touches }, (_, at) => shareOf(at, touches, model))
}

function shareOf(at: number, touches: number, model: CreditModel): bigint {
  const last = touches - 1
  switch (model) {
    case 'first':
      return at === 0 ? 1n : 0n
    case 'last':
      return at === last ? 1n : 0n
    case 'linear':
      return 1n
    case 'position':
      if (touches <= 2) return 1n
      return at === 0 || at === last ? 2n * BigInt(touches - 2) : 1n
  }
}
