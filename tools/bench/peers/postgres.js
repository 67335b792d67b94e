import { PostgresSaver } from '@langchain/langgraph-checkpoint-postgres'
import pg from 'pg'

const TABLES = ['checkpoints', 'checkpoint_blobs', 'checkpoint_writes']

export async function openPostgres(connectionString) {
  const pool = new pg.Pool({ connectionString })
  const saver = new PostgresSaver(pool)
  await saver.setup()
  return {
    saver,
    clear: async () => {
      await pool.query(`TRUNCATE ${TABLES.join(', ')}`)
    },
    storedBytes: async () => {
      const sizes = TABLES.map((table) => `pg_total_relation_size('${table}')`)
      const { rows } = await pool.query(`SELECT ${sizes.join(' + ')} AS bytes`)
      return Number(rows[0].bytes)
    },
    close: async () => await pool.end(),
  }
}
