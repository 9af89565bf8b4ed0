// Numbers, shares and instants as people read them. Instants are shown in the reader's own time zone, days in UTC as they
// are counted.

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

/** `human_opened` is `Human opened`. */
export function formatName(name: string): string {
  const words = name.replaceAll('_', ' ')
  return words.charAt(0).toUpperCase() + words.slice(1)
}
