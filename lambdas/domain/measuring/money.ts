// Money, exactly: decimals as they are written, whole minor units to add up. Never a floating-point sum.
import { maxEventValue } from '../../../contract/limits.ts'

/** Decimals of the currencies (ISO 4217) that do not have two. */
const minorDigits: ReadonlyMap<string, number> = new Map([
  ...[
    'BIF',
    'CLP',
    'DJF',
    'GNF',
    'ISK',
    'JPY',
    'KMF',
    'KRW',
    'PYG',
    'RWF',
    'UGX',
    'VND',
    'VUV',
    'XAF',
    'XOF',
    'XPF',
  ].map((currency): [string, number] => [currency, 0]),
  ...['BHD', 'IQD', 'JOD', 'KWD', 'LYD', 'OMR', 'TND'].map((currency): [string, number] => [currency, 3]),
  ['CLF', 4],
  ['UYW', 4],
])

/** How many decimals the minor unit of a currency has. */
export function minorDigitsOf(currency: string): number {
  return minorDigits.get(currency) ?? 2
}

export type DecimalReading =
  | { readonly ok: true; readonly decimal: string }
  | { readonly ok: false; readonly code: 'value.invalid' | 'value.precision' }

/** As short as an amount below a thousand millions can be: most are. */
const shortPattern = /^(?:0|[1-9]\d{0,8})(?:\.(\d{0,3}[1-9]))?$/
const decimalPattern = /^([+-]?)(\d{1,40})(?:\.(\d{0,40}))?(?:[eE]([+-]?\d{1,2}))?$/

/**
 * A value in major units as its shortest exact decimal (`12.50` is `12.5`). An exponent is read; a value that the
 * currency's minor unit cannot hold, or a number that JSON cannot hold exactly, is of the wrong precision.
 */
export function readDecimal(value: unknown, currency: string): DecimalReading {
  if (typeof value !== 'string' && typeof value !== 'number') return { ok: false, code: 'value.invalid' }
  const given = String(value)
  const short = shortPattern.exec(given)
  if (short !== null && (short[1] ?? '').length <= minorDigitsOf(currency)) return { ok: true, decimal: given }
  const [, sign, whole, fraction = '', exponent = '0'] = decimalPattern.exec(given.trim()) ?? []
  if (whole === undefined) return { ok: false, code: 'value.invalid' }
  const shift = fraction.length - Number(exponent)
  const digits = `${whole}${fraction}`.replace(/^0+/, '')
  // What is left after the trailing zeros is all that counts.
  const significant = digits.replace(/0+$/, '')
  if (significant === '') return { ok: true, decimal: '0' }
  const decimals = shift - (digits.length - significant.length)
  if (decimals > minorDigitsOf(currency)) return { ok: false, code: 'value.precision' }
  if (significant.length - decimals > 10) return { ok: false, code: 'value.invalid' }
  const text = decimalText(significant, decimals)
  if (Number(text) >= maxEventValue) return { ok: false, code: 'value.invalid' }
  return { ok: true, decimal: sign === '-' ? `-${text}` : text }
}

function decimalText(digits: string, decimals: number): string {
  if (decimals <= 0) return digits.padEnd(digits.length - decimals, '0')
  const padded = digits.padStart(decimals + 1, '0')
  return `${padded.slice(0, -decimals)}.${padded.slice(-decimals)}`
}

/** Whole minor units, exact: a number while it is a safe integer, which is read and added faster, a bigint beyond. */
export type Minor = number | bigint

/** The sum of two amounts of one currency. */
export function addMinor(a: Minor, b: Minor): Minor {
  if (typeof a === 'number' && typeof b === 'number' && Number.isSafeInteger(a + b)) return a + b
  return BigInt(a) + BigInt(b)
}

/** A decimal in whole minor units of a currency; undefined when the currency's minor unit cannot hold it. */
export function toMinor(decimal: string, currency: string): Minor | undefined {
  const digits = minorDigitsOf(currency)
  const point = decimal.indexOf('.')
  const missing = point === -1 ? digits : digits - (decimal.length - point - 1)
  if (missing < 0) return undefined
  // A number holds 15 digits exactly.
  if (decimal.length + missing <= 15) return readDigits(decimal) * 10 ** missing
  return BigInt(decimal.replace('.', '')) * 10n ** BigInt(missing)
}

/** The digits of a decimal as a whole number, with its sign. */
function readDigits(decimal: string): number {
  let whole = 0
  for (let at = 0; at < decimal.length; at++) {
    const digit = decimal.charCodeAt(at) - 48
    if (digit >= 0) whole = whole * 10 + digit
  }
  return decimal.startsWith('-') ? 0 - whole : whole
}

/**
 * Whole minor units as a decimal in major units, with all decimals of the currency: `12.50`.
 * @param power 2 for a sum of squares
 */
export function fromMinor(minor: Minor, currency: string, power: 1 | 2 = 1): string {
  const digits = minorDigitsOf(currency) * power
  const sign = minor < 0 ? '-' : ''
  const text = String(minor < 0 ? -minor : minor).padStart(digits + 1, '0')
  return digits === 0 ? `${sign}${text}` : `${sign}${text.slice(0, -digits)}.${text.slice(-digits)}`
}
