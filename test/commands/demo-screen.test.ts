// What `npm start` prints is pasted: the commands in it must find the deployment that printed them.
import { expect, test } from 'vitest'
import { drawScreen } from '../../commands/demo-screen.ts'

const demo = {
  ...{ apiUrl: 'http://127.0.0.1:4100', consoleUrl: 'http://127.0.0.1:4101', people: [], org: 'acme', template: 'w' },
  ...{ apiKey: 'k', adminKey: 'a', signingKey: 's' },
}
const dropOf = (readyFile: string) => /^npm run drop -- .*$/m.exec(drawScreen({ ...demo, readyFile }))?.[0]

test('a drop finds the usual deployment by itself, and another by its ready file', () => {
  expect(dropOf('.local-data/ready.json')).toBe('npm run drop -- commands/samples/purchases.csv --org acme')
  expect(dropOf('/tmp/my data/ready.json')).toMatch(/ --org acme --ready-file '\/tmp\/my data\/ready.json'$/)
})
