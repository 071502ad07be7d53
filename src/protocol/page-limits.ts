/** The limits that a page itself keeps. */

/** Points in one batch. */
export const MAX_POINTS_PER_BATCH = 200

/** Bytes of one sealed batch, so that several fit a body. */
export const MAX_BATCH_BYTES = 16_384

/** Largest magnitude of a value, so that the sum of 2^53 of them is still a finite double. */
export const MAX_VALUE = 1e290

/** Sessions that one session may stand for. MAX_VALUE times this is MAX_SUM, so a lone observation always fits. */
export const MAX_WEIGHT = 10_000
