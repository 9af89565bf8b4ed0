// How restatements are told apart.
import { expect, test } from 'vitest'
import { sourceRefSchema, templateIdSchema } from '../../../contract/ids.ts'
import { restatementId } from '../../../lambdas/domain/measuring/restate.ts'
import { parseRestatementSort, restatementKey } from '../../../lambdas/store/setting-keys.ts'
import { orgOf } from '../../support/copy-settings.ts'

test('keeps apart the template that a source leaves and the one that it joins', () => {
  const source = sourceRefSchema.parse('campaign:23')
  const ids = ['a', 'b'].map((id) => restatementId({ kind: 'source', source, templateId: templateIdSchema.parse(id) }))
  expect(new Set(ids).size).toBe(2)
  const [id = ''] = ids
  expect(parseRestatementSort(restatementKey(orgOf('acme'), id).sk)).toEqual({ org: 'acme', id })
})
