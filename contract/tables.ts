// The four tables: their keys, index and the attribute that ends an item. The stack makes them, the stores use them.

export const keyAttributes = { partition: 'pk', sort: 'sk' } as const
/** Epoch seconds after which DynamoDB may delete the item. */
export const ttlAttribute = 'ttl'

/**
 * Sends and serves by where they came from and the day they went out. Keys only: an outcome's later changes never touch
 * it, so it costs one write unit per send and none per event.
 */
export const outcomesBySource = { name: 'bySource', partition: 'source', sort: 'sk' } as const

/** A blast of one source on one day is spread over this many index partitions. */
export const sourceShards = 16
/** A results row that is contended spreads over at most this many items. */
export const resultShards = 16
/** Bodies set aside are spread over this many partitions per org. */
export const quarantineShards = 8
