// What the figures are held to.

/** At most this many times what the bare SDK needs for the same calls: CPU, wall, size and import time. */
export const maxRatio = 1.25

/** List price of taking in and measuring a million reporting events, dollars. */
export const maxDollarsPerMillionEvents = 3
