// Third parties that have a stand-in here. A template reaches one by a parameter whose default is the third party's own
// address; here that parameter gets the stand-in's.
import { type CustomerioStandIn, startCustomerio } from '../customerio/stand-in.ts'
import { findText, type JsonRecord, recordAt } from '../json.ts'
import type { Stopping } from './stopping.ts'

export type StandIns = {
  /** Address of the third party -> where its stand-in listens. */
  readonly addresses: ReadonlyMap<string, string>
  /** What the ready file tells of them; empty when there is none. */
  readonly ready: { readonly customerio?: Omit<CustomerioStandIn, 'close'> }
}

const US = 'https://api.customer.io'
const EU = 'https://api-eu.customer.io'

/** Starts those that the template has a parameter for. */
export const startStandIns = async (template: JsonRecord, stopping: Stopping): Promise<StandIns> => {
  const defaults = Object.values(recordAt(template, 'Parameters')).map((parameter) => findText(parameter, 'Default'))
  if (!defaults.some((value) => value === US || value === EU)) return { addresses: new Map(), ready: {} }
  const { close, ...customerio } = await startCustomerio()
  stopping.add(close)
  const addresses = new Map([
    [US, customerio.usUrl],
    [EU, customerio.euUrl],
  ])
  return { addresses, ready: { customerio } }
}
