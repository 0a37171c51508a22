import { batch, defineScenario } from '../bench/contract/index.ts'
import { account, entry, ledger } from './datasets/ledger.ts'

/**
 * Read, modify and write in one transaction. It is a batch and not an interactive transaction, because D1 has no other;
 * the arithmetic is done by the database, so that it is right under concurrency too.
 */
export default defineScenario({
  id: 'transfer',
  title: 'Move money in one transaction',
  why: 'Four statements that belong together: over a distance, each may cost a round trip.',
  dataset: ledger,
  kind: 'write',
  grows: [entry],
  check:
    'SELECT (SELECT sum(balance) FROM account) AS total, (SELECT sum(balance * id) FROM account) AS weighted, ' +
    '(SELECT count(*) FROM entry) AS entries, (SELECT sum(amount * from_id) FROM entry) AS amounts',
  work: batch(
    [
      'SELECT balance FROM account WHERE id = $1',
      'UPDATE account SET balance = balance - $1, updated = $2 WHERE id = $3',
      'UPDATE account SET balance = balance + $1, updated = $2 WHERE id = $3',
      'INSERT INTO entry (id, from_id, to_id, amount, at) VALUES ($1, $2, $3, $4, $5)',
    ],
    (draw) => {
      const [from, to] = [draw.key(account), draw.key(account)]
      const [amount, at] = [1 + draw.integer(500), 1_700_000_000 + draw.integer(10_000_000)]
      return [[from], [amount, at, from], [amount, at, to], [draw.fresh(entry), from, to, amount, at]]
    },
  ),
})
