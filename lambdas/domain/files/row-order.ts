// Which of two rows with one id is the later one: a fact of their files and places, whenever and by whom they are loaded.
import type { ReadEvent } from '../events/read-custom-event.ts'

/** An event and where its row stands among all rows of all files. */
export interface FileEvent extends ReadEvent {
  readonly order: string
}

interface FileFacts {
  /** When the file was written, in ms. */
  readonly modifiedAtMs: number
  readonly importId: string
}

const beforeRow = '#'

/** Text that sorts as the rows do: by when their file was written, then by import, range and row. Both numbers from 0. */
export function orderOf({ modifiedAtMs, importId }: FileFacts, range: number, row: number): string {
  return `${digits(modifiedAtMs, 13)} ${importId}${beforeRow}${digits(range, 6)} ${digits(row, 7)}`
}

/** Whether what stands is of a file that was written later than that of a row. Claims from before there was an order are not. */
export function isOfLaterFile(standing: string | undefined, order: string): boolean {
  return standing !== undefined && fileOf(standing) > fileOf(order)
}

function fileOf(order: string): string {
  return order.slice(0, order.indexOf(beforeRow))
}

function digits(number: number, width: number): string {
  return String(number).padStart(width, '0')
}
