// Turns what a function returned into an HTTP answer, by the rules of payload format 2.0.
import { findText, isRecord, type Json, listAt, recordAt, textAt, tryJson } from '../json.ts'

export type HttpAnswer = {
  readonly status: number
  readonly headers: Readonly<Record<string, string | string[]>>
  readonly body: Buffer
}

/** An answer that API Gateway itself gives. */
export const gatewayAnswer = (status: number, message: string): HttpAnswer => ({
  status,
  headers: { 'content-type': 'application/json' },
  body: Buffer.from(JSON.stringify({ message })),
})

const plain = (value: Json): HttpAnswer => ({
  status: 200,
  headers: { 'content-type': 'application/json' },
  body: Buffer.from(typeof value === 'string' ? value : JSON.stringify(value)),
})

/** Any JSON without a statusCode is a 200; a malformed answer is API Gateway's 500. */
export const answerOf = (resultText: string): HttpAnswer => {
  const result = tryJson(resultText)
  if (result === undefined) return gatewayAnswer(500, 'Internal Server Error')
  if (!isRecord(result) || result.statusCode === undefined) return plain(result)
  const status = Number(findText(result, 'statusCode'))
  const body = result.body ?? ''
  if (!Number.isInteger(status) || status < 100 || status > 599 || typeof body === 'object')
    return gatewayAnswer(500, 'Internal Server Error')
  const headers: Record<string, string | string[]> = { 'content-type': 'text/plain;charset=UTF-8' }
  for (const [name, value] of Object.entries(recordAt(result, 'headers'))) headers[name.toLowerCase()] = textAt(value)
  const cookies = listAt(result, 'cookies').map((cookie) => textAt(cookie))
  if (cookies.length > 0) headers['set-cookie'] = cookies
  return { status, headers, body: Buffer.from(String(body), result.isBase64Encoded === true ? 'base64' : 'utf8') }
}
