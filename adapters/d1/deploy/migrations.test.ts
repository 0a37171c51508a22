import { expect, test } from 'vitest'
import { datasets } from '../../../scenarios/index.ts'
import { migrationSql } from './migration.ts'

test('the committed migration is what the datasets say', async () => {
  await expect(migrationSql(datasets)).toMatchFileSnapshot('./migrations/0001_datasets.sql')
})
