// Numbers, shares and instants as people read them. Instants are shown in the reader's own time zone, days in UTC as they
// are counted.

import type { Range } from '../parts/range.ts'

const whole = new Intl.NumberFormat('en', { maximumFractionDigits: 0 })

/** `12,345`. */
export function formatCount(count: number): string {
  return whole.format(count)
}

/** A share, 0 to 1: `4.2 %`, `0.31 %`; a dash while there is none. */
export function formatShare(share: number | null): string {
  if (share === null) return '–'
  const percent = share * 100
  return `${percent.toFixed(percent > 0 && percent < 1 ? 2 : 1)} %`
}

/** `12.50 EUR`; a dash while there is none. */
export function formatMoney(amount: number | null, currency: string): string {
  return amount === null ? '–' : `${amount.toFixed(Math.abs(amount) < 1 ? 4 : 2)} ${currency}`
}

/** A difference between shares or means as a part of one: `+12.3 %`, `-0.31 %`. */
export function formatLift(lift: number): string {
  return `${lift < 0 ? '-' : '+'}${formatShare(Math.abs(lift))}`
}

/**
 * Where a lift lies: `between -4.0 % and +12.3 %`. Nothing can fall by more than all of it, so the range ends there. How far past
 * twice control on top one reaches says nothing; when it does not leave out 0 either, that too little has been sent.
 */
export function formatLiftRange({ lower, upper }: Range): string {
  if (upper > 2 && lower <= -1) return 'anywhere: too few sends to say'
  if (upper > 2) return `above ${formatLift(lower)}${lower > 0 ? '' : ': few sends yet'}`
  return `between ${formatLift(Math.max(-1, lower))} and ${formatLift(upper)}`
}

/** A probability of an error: `0.041`; small ones are all alike. */
export function formatP(p: number): string {
  return p < 0.001 ? 'below 0.001' : p.toFixed(3)
}

/** `1 day`, `12 hours`, `90 seconds`: the largest unit that leaves nothing over. */
export function formatSpan(seconds: number): string {
  const [amount, unit] =
    seconds > 0 && seconds % 86_400 === 0
      ? [seconds / 86_400, 'day']
      : seconds > 0 && seconds % 3_600 === 0
        ? [seconds / 3_600, 'hour']
        : [seconds, 'second']
  return `${whole.format(amount)} ${unit}${amount === 1 ? '' : 's'}`
}

/** `850 bytes`, `1.4 KB`. */
export function formatBytes(bytes: number): string {
  return bytes < 1_000 ? `${whole.format(bytes)} bytes` : `${(bytes / 1_000).toFixed(1)} KB`
}

const instants = new Intl.DateTimeFormat('en', { dateStyle: 'medium', timeStyle: 'short' })
const seconds = new Intl.DateTimeFormat('en', { dateStyle: 'medium', timeStyle: 'medium' })

/** ISO 8601 to `Nov 24, 2026, 2:05 PM`. */
export function formatInstant(iso: string, precision: 'minute' | 'second' = 'minute'): string {
  const at = new Date(iso)
  if (Number.isNaN(at.getTime())) return iso
  return (precision === 'minute' ? instants : seconds).format(at)
}

/** Instants within a sentence of the API, `2026-11-24T14:05:00.000Z`, as `formatInstant` has them. */
export function sayInstants(sentence: string): string {
  return sentence.replaceAll(/\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?Z/g, (iso) => formatInstant(iso))
}

/** `human_opened` is `Human opened`. */
export function formatName(name: string): string {
  const words = name.replaceAll('_', ' ')
  return words.charAt(0).toUpperCase() + words.slice(1)
}
