import { withClient } from '../postgres/client.ts'
import { SCHEMA, settle } from '../postgres/schema.ts'
import type { LogicalAddress } from './address.ts'
import { applyLevel, SUBSCRIPTION } from './address.ts'

/**
 * Publishes the schema and subscribes to it. Nobody follows yet, so commits are made at a level that waits for nobody.
 * @param connection how the subscriber's server reaches the publisher's
 */
export async function subscribe({ publisher, subscriber, level }: LogicalAddress, connection: string): Promise<void> {
  await withClient(publisher, async (client) => {
    await settle(client, 'relaxed')
    await client.query(`CREATE PUBLICATION ${SUBSCRIPTION} FOR TABLES IN SCHEMA ${SCHEMA}`)
  })
  await withClient(subscriber, async (client) => {
    await settle(client, 'relaxed')
    await client.query(
      `CREATE SUBSCRIPTION ${SUBSCRIPTION} CONNECTION ${client.escapeLiteral(connection)} PUBLICATION ${SUBSCRIPTION}
       WITH (copy_data = false, synchronous_commit = ${applyLevel(level)})`,
    )
  })
}
