// What the figures are held to.

/** At most this many times what the bare SDK needs for the same calls: CPU, wall, size and import time. */
export const maxRatio = 1.25

/** List price of taking in and measuring a million reporting events, dollars. */
export const maxDollarsPerMillionEvents = 3

/** CPU to compare and judge a template with 8 variants over 400 days, milliseconds. */
export const maxComparisonCpuMs = 100
