// Refusals of webhook calls that Customer.io itself can cause, and why. A call that carries no signature is not its own.
export const customerioRefusals: Readonly<Record<string, string>> = {
  'signature.mismatch': 'they were signed with another key than the one stored here',
  'signature.too_old': 'they were signed longer ago than the settings allow',
}
