// Light, dark, or as the device has it. Kept in this browser.
import { type MantineColorScheme, Menu, useMantineColorScheme } from '@mantine/core'

const schemes: readonly { readonly value: MantineColorScheme; readonly label: string }[] = [
  { value: 'auto', label: 'As my device' },
  { value: 'light', label: 'Light' },
  { value: 'dark', label: 'Dark' },
]

/** The choices, as a part of a menu. */
export function ColorScheme() {
  const { colorScheme, setColorScheme } = useMantineColorScheme()
  return (
    <>
      <Menu.Label>Colours</Menu.Label>
      {schemes.map(({ value, label }) => (
        <Menu.Item
          key={value}
          onClick={() => setColorScheme(value)}
          aria-current={colorScheme === value ? 'true' : undefined}
          fw={colorScheme === value ? 700 : undefined}
        >
          {label}
        </Menu.Item>
      ))}
    </>
  )
}
