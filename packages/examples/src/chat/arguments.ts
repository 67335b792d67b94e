import { parseArgs } from 'node:util'
import { UserError } from './run-program.js'

export const usage = `Usage: npm run demo -- [url] [--interactive [--thread <id>]]

  url            where the memory is kept; without it in a local folder, .cairn/demo
                   memory:                                  this process only
                   lmdb:path/to/folder                      a local folder
                   redis://[user:password@]host[:port]      standalone Redis or Valkey (rediss:// for TLS)
                   redis+sentinel://host:port,host:port/primary-name
                   redis+cluster://host:port,host:port
  --interactive  talk to the agent yourself
  --thread <id>  the thread to go on with (with --interactive); without it a thread called "you"
  --help         this text

Environment
  OPENAI_API_KEY   talk to OpenAI instead of the small built-in model
  OPENAI_MODEL     which of its models`

export type Arguments =
  | { readonly mode: 'help' }
  | { readonly mode: 'story'; readonly url: string }
  | { readonly mode: 'interactive'; readonly url: string; readonly threadId: string }

/** Throws a `UserError` for arguments that make no sense. */
export function readArguments(args: readonly string[]): Arguments {
  const { values, positionals } = parse(args)
  const [url = 'lmdb:.cairn/demo', ...more] = positionals
  if (values.help === true) return { mode: 'help' }
  if (more.length > 0) throw new UserError(`One URL is enough, got ${positionals.length}.\n\n${usage}`)
  if (values.interactive === true) return { mode: 'interactive', url, threadId: values.thread ?? 'you' }
  if (values.thread !== undefined) throw new UserError(`--thread goes with --interactive.\n\n${usage}`)
  return { mode: 'story', url }
}

function parse(args: readonly string[]) {
  try {
    return parseArgs({
      args: [...args],
      allowPositionals: true,
      options: {
        help: { type: 'boolean', short: 'h' },
        interactive: { type: 'boolean', short: 'i' },
        thread: { type: 'string' },
      },
    })
  } catch (error) {
    throw new UserError(`${error instanceof Error ? error.message : String(error)}\n\n${usage}`)
  }
}
