// How many bytes DynamoDB counts for an item, by its documented rules ("DynamoDB item sizes and formats"); not what
// DynamoDB Local reports.
import type { AttributeValue } from '@aws-sdk/client-dynamodb'

export type Item = Readonly<Record<string, AttributeValue>>

/** A list or a map has these bytes, and one for each element. */
const containerBytes = 3
const elementBytes = 1

/** Names and values of all attributes. */
export function itemBytes(item: Item): number {
  return Object.entries(item).reduce((sum, [name, value]) => sum + Buffer.byteLength(name) + valueBytes(value), 0)
}

function valueBytes(value: AttributeValue): number {
  if (value.S !== undefined) return Buffer.byteLength(value.S)
  if (value.N !== undefined) return numberBytes(value.N)
  if (value.B !== undefined) return value.B.byteLength
  if (value.BOOL !== undefined || value.NULL !== undefined) return 1
  if (value.SS !== undefined) return sum(value.SS.map((text) => Buffer.byteLength(text)))
  if (value.NS !== undefined) return sum(value.NS.map(numberBytes))
  if (value.BS !== undefined) return sum(value.BS.map(({ byteLength }) => byteLength))
  if (value.L !== undefined) return containerBytes + sum(value.L.map((element) => elementBytes + valueBytes(element)))
  if (value.M !== undefined) return containerBytes + Object.keys(value.M).length * elementBytes + itemBytes(value.M)
  throw new Error('an attribute of a type that has no size')
}

/**
 * One byte and another per two significant digits, zeros before and after trimmed; a minus takes one more. Pairs are counted
 * from the decimal point, as numbers to the base of 100 are.
 */
export function numberBytes(text: string): number {
  const [mantissa = '', exponent = '0'] = text.toLowerCase().split('e')
  const [whole = '', fraction = ''] = mantissa.replace(/^[+-]/, '').split('.')
  // The point moved by the exponent: an even distance leaves the pairs as they are.
  const shifted = shift(whole, fraction, Number(exponent))
  const digits = evenBefore(shifted.whole) + evenAfter(shifted.fraction)
  const significant = digits.replace(/^(00)+/, '').replace(/(00)+$/, '')
  if (significant === '') return 1
  return 1 + significant.length / 2 + (mantissa.startsWith('-') ? 1 : 0)
}

function shift(whole: string, fraction: string, exponent: number): { whole: string; fraction: string } {
  if (exponent >= 0) {
    const padded = fraction.padEnd(exponent, '0')
    return { whole: whole + padded.slice(0, exponent), fraction: padded.slice(exponent) }
  }
  const padded = whole.padStart(-exponent, '0')
  return { whole: padded.slice(0, padded.length + exponent), fraction: padded.slice(exponent) + fraction }
}

function evenBefore(digits: string): string {
  return digits.length % 2 === 0 ? digits : `0${digits}`
}

function evenAfter(digits: string): string {
  return digits.length % 2 === 0 ? digits : `${digits}0`
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0)
}
